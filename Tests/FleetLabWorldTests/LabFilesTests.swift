import FleetModel
import Foundation
import Testing

@testable import FleetLab

@Suite struct LabFilesTests {
    private static let clusters = LabCluster.all(
        of: LabConfiguration(clusters: 12, management: 2))

    private func written(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "lab-files-\(UUID().uuidString)")
        // A directory that can't be removed is the machine's to clean up.
        defer { try? FileManager.default.removeItem(at: directory) }
        try LabFiles(clusters: Self.clusters, port: 4711).write(to: directory)
        try body(directory)
    }

    @Test func `only its owner may read the kubeconfig, which has a context for each cluster`()
        throws
    {
        try written { directory in
            let file = directory.appending(path: "kubeconfig")
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let config = try #require(
                JSON(parsing: String(decoding: Data(contentsOf: file), as: UTF8.self)))
            let contexts = (config["contexts"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(contexts == Self.clusters.map(\.name))
            let server = config["clusters"]?[2]?["cluster"]
            #expect(server?["server"]?.string == "http://edge-01.lab")
            #expect(server?["proxy-url"]?.string == "http://127.0.0.1:4711")
        }
    }

    @Test(arguments: [(1, ["canary"]), (2, ["canary", "rest"]), (3, ["canary", "few", "rest"])])
    func `a small fleet has no wave without clusters`(count: Int, waves: [String]) {
        let clusters = LabCluster.all(of: LabConfiguration(clusters: count, management: 1))
        let policy = LabDocuments(clusters: clusters, speed: 1).rollout
        let names = policy.split(separator: "\n").filter { $0.hasPrefix("  - name: ") }
        #expect(names == waves.map { "  - name: \($0)" })
    }

    @Test func `a second lab writes over the first one's files`() throws {
        try written { directory in
            try LabFiles(clusters: Self.clusters, port: 4712).write(to: directory)
            let text = try String(
                contentsOf: directory.appending(path: "kubeconfig"), encoding: .utf8)
            #expect(text.contains("4712") && !text.contains("4711"))
        }
    }

    @Test func `a directory that can't be written is told by its path`() {
        let error = #expect(throws: LabFileError.self) {
            try LabFiles(clusters: Self.clusters, port: 1).write(to: URL(filePath: "/dev/null/lab"))
        }
        #expect(error?.problem.contains("/dev/null/lab") == true)
    }

    @Test func `names sort as they count and one cluster is the canary`() {
        let names = Self.clusters.map(\.name)
        #expect(names.prefix(3) == ["mgmt-1", "mgmt-2", "edge-01"])
        #expect(names.last == "edge-12")
        #expect(Self.clusters.filter { $0.labels["canary"] == "true" }.map(\.name) == ["edge-01"])
        let managers = Self.clusters.compactMap(\.management)
        #expect(managers.prefix(3) == ["mgmt-1", "mgmt-2", "mgmt-1"])
    }

    @Test func `the documents name what is there`() {
        let documents = LabDocuments(clusters: Self.clusters, speed: 1)
        for cluster in Self.clusters {
            #expect(documents.inventory.contains("name: \(cluster.name)"))
        }
        #expect(documents.takeover.contains("revision: \(LabTarget().revision)"))
        #expect(documents.controlPlane.contains("defaultRevision: false"))
        for manifest in [documents.eastWestGateway, documents.ingressGateway] {
            let ports = manifest.split(separator: "\n").filter { $0.contains("targetPort") }
            #expect(ports.first?.contains("status-port") == true)
        }
    }
}
