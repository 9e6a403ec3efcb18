import FleetTestKit
import Foundation

extension TestSSHD {
    /// The server as a bastion of an inventory, in YAML's flow style.
    ///
    /// The key that logs in and the file that knows the host are its own unless told else.
    func bastion(
        _ name: String, in project: Project, _ more: String = "", key: String? = nil,
        known: String? = nil
    ) -> String {
        let jobs = project.words.appending(path: "jobs-\(name)").path
        return "{name: \(name), host: \(host), port: \(port), user: \(user), agent: none, "
            + "identityFiles: [\(key ?? clientKey)], knownHosts: [\(known ?? knownHostsFile)], "
            + "jobsDirectory: \(jobs)\(more.isEmpty ? "" : ", \(more)")}"
    }
}

extension Project {
    /// A project whose clusters lie behind servers; no policies, for nothing is planned.
    static func behind<Value>(
        _ servers: [TestSSHD], _ body: (Project) async throws -> Value
    ) async throws -> Value {
        defer { for server in servers { server.stop() } }
        return try await with(files: [:], body)
    }

    /// Writes the inventory: bastions, and which clusters are behind which. There must be a
    /// cluster somewhere.
    func writeInventory(
        kubeconfig: String = "/nowhere/kubeconfig", bastions: [String],
        clusters: [(name: String, context: String, bastion: String)]
    ) throws {
        let here = [(name: "here", context: "here", bastion: "none")]
        let behind = (clusters.isEmpty ? here : clusters).map {
            "  - {name: \($0.name), context: \($0.context), bastion: \($0.bastion)}\n"
        }
        try write(
            """
            defaults: {kubeconfig: \(kubeconfig)}
            bastions:
            \(bastions.map { "  - \($0)\n" }.joined())
            clusters:
            \(behind.joined())
            """, to: "Inventory/fleet.yaml")
    }

    /// A kubeconfig with these contexts, all of which lead to the same place.
    func writeKubeconfig(_ contexts: [String], server: String) throws -> String {
        let users = contexts.map { "- {name: \($0), context: {cluster: there, user: nobody}}\n" }
        try write(
            """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: there, cluster: {server: "\(server)"}}
            users:
            - {name: nobody, user: {}}
            contexts:
            \(users.joined())
            """, to: "kubeconfig")
        return file("kubeconfig").path
    }
}
