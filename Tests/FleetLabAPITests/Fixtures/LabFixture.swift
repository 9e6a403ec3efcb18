import FleetLab
import FleetModel
import Foundation
import Testing

/// A lab of one cluster on a port of its own, and a home of its own for kubectl.
struct LabFixture: Sendable {
    let store: ClusterStore
    let log: RequestLog
    let port: Int
    let folder: URL

    /// Runs a lab while `body` runs.
    static func run(_ body: (LabFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = ClusterStore(cluster: "edge-01", clock: ScaledClock(), seed: 7)
        let log = try RequestLog()
        let server = LabServer(
            clusters: ["edge-01": store], control: EchoControl(), port: 0, log: log)
        let (ports, bound) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { bound.yield($0) } }
            let port = try #require(await ports.first { _ in true })
            let lab = LabFixture(store: store, log: log, port: port, folder: folder)
            try lab.writeKubeconfig()
            try await body(lab)
            group.cancelAll()
            // A cancelled server ends by telling so.
            while (try? await group.next()) != nil {}
        }
    }

    private func writeKubeconfig() throws {
        let address = ClusterAddress(cluster: "edge-01", port: port)
        let config = """
            apiVersion: v1
            kind: Config
            current-context: edge-01
            clusters:
            - {name: edge-01, cluster: {server: "\(address.server)", proxy-url: "\(address.proxyURL)"}}
            users:
            - {name: lab, user: {}}
            contexts:
            - {name: edge-01, context: {cluster: edge-01, user: lab}}
            """
        let file = folder.appendingPathComponent("config")
        try Data(config.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// Runs kubectl on the lab's cluster.
    func run(
        _ kubectl: Kubectl, _ arguments: String..., input: String = ""
    ) async throws -> ProgramRun {
        let environment = [
            "HOME": folder.path, "KUBECONFIG": folder.appendingPathComponent("config").path,
            "KUBECACHEDIR": folder.appendingPathComponent("cache").path, "TERM": "dumb",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
        ]
        return try await ProgramRun.of(
            kubectl.path, arguments, environment: environment, input: input, in: folder)
    }

    /// Creates the Deployment `web` and its namespace.
    func deploy(namespace: String = "shop", replicas: Int = 2) throws {
        try store.create("namespaces", ["metadata": ["name": .string(namespace)]])
        try store.create("deployments.apps", .deployment("web", in: namespace, replicas: replicas))
    }
}

/// A world that answers with what it was asked.
struct EchoControl: LabControl {
    func status() async -> JSON { ["clusters": ["edge-01"]] }

    func breakCluster(_ cluster: String, _ fault: JSON) async throws(StatusError) -> JSON {
        guard cluster == "edge-01" else { throw .notFound("clusters", cluster) }
        return ["broken": fault]
    }

    func mendCluster(_ cluster: String, _ fault: String?) async throws(StatusError) -> JSON {
        ["mended": .string(fault ?? "all")]
    }
}

extension LabFixture {
    /// Returns once the lab has been asked something.
    func waitForRequest(_ isIt: (String) -> Bool) async {
        while !log.records().contains(where: { isIt($0.target) }) { await Task.yield() }
    }
}

extension JSON {
    init(text: String) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }
}
