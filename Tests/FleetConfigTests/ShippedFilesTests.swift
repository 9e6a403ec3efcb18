import FleetConfig
import FleetModel
import Foundation
import Testing

/// The files that the repository ships are the documentation, so they must be right.
struct ShippedFilesTests {
    private let files = LocalFiles(home: "/home/deploy", workingDirectory: "/")

    @Test(arguments: Shipped.policies)
    func `every shipped policy holds together with the inventory and every takeover`(
        policy: String
    ) throws {
        for takeover in Shipped.takeovers {
            _ = try ConfigurationReader(files: files, runbooks: .shipped).read(
                inventory: Shipped.path("Inventory"), policy: policy, takeover: takeover)
        }
    }

    @Test func `the example inventory has twelve clusters and two management clusters`() throws {
        let fleet = try InventoryReader(files: files).read(Shipped.path("Inventory")).value
        #expect(fleet.clusters.count == 12)
        #expect(fleet.managementClusters.count == 2)
        #expect(fleet.cluster(named: "shop-01")?.bastion == "nyc-jump")
        #expect(fleet.cluster(named: "shop-03")?.bastion == nil)
        #expect(fleet.cluster(named: "edge-04")?.hold == "frozen for the audit until Friday")
    }

    @Test func `there are policies and takeovers to check`() {
        #expect(Shipped.policies.count >= 2)
        #expect(Shipped.takeovers.contains { $0.contains("/gloo") })
        #expect(Shipped.takeovers.contains { $0.contains("/revision") })
    }

    @Test func `no shipped manifest makes the new control plane the default one`() throws {
        for takeover in try takeovers(of: "gloo") {
            let controlPlane = try #require(takeover.manifests["controlPlane"])
            #expect(controlPlane.contains(#""defaultRevision":false"#))
            #expect(!controlPlane.contains(#""defaultRevision":true"#))
        }
    }

    @Test func `every shipped gateway serves its status port first`() throws {
        for takeover in try takeovers(of: "gloo") {
            for role in ["eastWestGateway", "ingressGateway"] {
                let manifest = try #require(takeover.manifests[role])
                #expect(manifest.contains(#""ports":[{"name":"status-port","port":15021"#))
            }
        }
    }

    private func takeovers(of runbook: String) throws -> [Takeover] {
        let reader = TakeoverReader(files: files, runbooks: .shipped)
        return try Shipped.takeovers.map { try reader.read($0).value }
            .filter { $0.runbook == runbook }
    }

    @Test func `Big Bang's control plane is changed in its place`() throws {
        let takeover = try #require(try takeovers(of: "bigbang").first)
        #expect(takeover.revision == takeover.oldRevision)
        #expect(takeover.parameters["delivery"] == "hook")
    }

    @Test(arguments: Shipped.documented)
    func `every key of a file is explained in a shipped example`(key: String, path: String) throws {
        let text = try String(contentsOfFile: Shipped.path(path), encoding: .utf8)
        #expect(text.contains("\(key):"), "\(path) doesn't show `\(key)`.")
    }
}

/// Where the shipped files are.
private enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func path(_ path: String) -> String { "\(root)/\(path)" }

    static let policies = yaml(in: "Policies/Rollouts")
    static let takeovers = yaml(in: "Policies/Takeovers")

    private static func yaml(in directory: String) -> [String] {
        // A directory that is gone shows as one without files, which a test finds.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path(directory))) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { path("\(directory)/\($0)") }
    }

    static let documented: [(String, String)] =
        [
            "defaults", "management", "clusters", "bastions", "regions", "name", "context",
            "kubeconfig", "registeredName", "region", "labels", "order", "hold", "waivers",
            "bastion",
            "tools", "host", "port", "user", "identityFiles", "via", "ssh", "certificateFile",
            "agent", "knownHosts", "hostKey", "hostKeyPolicy", "maxConnections",
            "channelsPerConnection", "environment", "jobsDirectory",
        ].map { ($0, "Inventory/example.yaml") }
        + [
            "rollout", "clusters", "matchLabels", "matchExpressions", "operator", "values",
            "maxConcurrency", "managementConcurrency", "maxFailures", "maxDeferred",
            "maxAttempts", "drainDeadline", "unplaced", "waves", "phases", "name", "canary",
            "soak", "progressDeadline", "exposure", "gate", "approval", "windows", "overrun",
            "margin", "allow", "deny", "days", "from", "to", "zone",
        ].map { ($0, "Policies/Rollouts/careful.yaml") }
        + ["defaults", "allowTotalLoss"].map { ($0, "Policies/Rollouts/swift.yaml") }
        + [
            "takeover", "runbook", "revision", "version", "oldRevision", "parameters",
            "manifests",
        ].map { ($0, "Policies/Takeovers/gloo-1-25.yaml") }
        + [
            "install", "charts", "base", "istiod", "gateway", "chartVersion", "gateways",
            "namespaces", "pending", "oldRelease", "cni", "ztunnel", "agents",
        ].map { ($0, "Policies/Takeovers/revision-1-28.yaml") }
        + ["install", "analysis", "profile"].map {
            ($0, "Policies/Takeovers/revision-1-28-istioctl.yaml")
        }
        + ["istio", "namespaces"].map { ($0, "Policies/Takeovers/sail-1-28.yaml") }
}
