import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetLab

/// Clusters that begin as they were recorded.
@Suite struct RecordedFleetTests {
    private static func stages() throws -> [RecordedStage] {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        return try RecordedStage.all(below: here.deletingLastPathComponent())
    }

    private func fleet(at directory: URL) async throws -> (LabFleet, ManualClock) {
        let recorded = try RecordedFleet(at: directory, seed: 7)
        var configuration = LabConfiguration()
        (configuration.played, configuration.kind) = (recorded.clusters, recorded.kind)
        let clock = ManualClock()
        return (try await LabFleet(configuration, clock: clock), clock)
    }

    /// Who runs where, with which proxy.
    private func pods(_ objects: [JSON]) -> Set<String> {
        Set(objects.map { "\($0.namespace)/\($0.name) \(ProxyReader($0)?.revision ?? "")" })
    }

    /// Which root each namespace trusts.
    private func roots(_ objects: [JSON]) -> Set<String> {
        Set(
            objects.filter { $0.name == MeshRoot.configMap }.map {
                "\($0.namespace) \($0[path: ["data", "root-cert.pem"]]?.string ?? "")"
            })
    }

    @Test(arguments: try stages())
    func `a recorded cluster is served as it was, and goes on from there`(stage: RecordedStage)
        async throws
    {
        let (fleet, clock) = try await stage.written(fleet)
        for (name, objects) in stage.clusters {
            let store = try #require(fleet.store(name))
            let recorded = objects.filter { $0["kind"] == "Pod" }
            #expect(pods(recorded).subtracting(pods(store.list("pods"))) == [], "\(name)")
            let uids = Set(store.list("pods").map(\.uid))
            let roots = roots(objects)
            for _ in 0..<60 {
                clock.advance(milliseconds: 5_000)
                fleet.advance(to: clock.now)
            }
            // No CA makes a root of its own where there is one that everybody trusts.
            #expect(roots.isSubset(of: self.roots(store.list("configmaps"))), "\(name)")
            // What was on its way out goes, and takes along what was its own.
            let going = store.list(IstioOperatorResource.resource).filter(\.isTerminating)
            #expect(going.isEmpty)
            guard !objects.contains(where: \.isTerminating) else { continue }
            // Whoever ran goes on: nothing is rolled out anew because the lab knows better.
            let ready = recorded.filter(\.isReady)
            #expect(pods(ready).subtracting(pods(store.list("pods"))) == [], "\(name)")
            #expect(uids.subtracting(store.list("pods").map(\.uid)) == [], "\(name)")
        }
    }

    @Test(arguments: [
        ("{", "it is no JSON: invalid character"),
        ("{}", "it is no List: it has no `items`"),
        (#"{"items": [{"kind": "Pod"}]}"#, "item 1 has no apiVersion, kind or name"),
        (
            #"{"items": [{"apiVersion": "admin.gloo.solo.io/v2", "kind": "X", "metadata": {"name": "x"}}]}"#,
            "there is no workload cluster"
        ),
    ])
    func `what is no recording is told with its place`(text: String, words: String) throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "recorded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        #expect(throws: RecordingProblem.self) { try RecordedFleet(at: directory, seed: 7) }
        let nowhere = #expect(throws: RecordingProblem.self) {
            try RecordedFleet(at: directory.appending(path: "nowhere"), seed: 7)
        }
        #expect(nowhere?.problem == "there is no such directory")
        try Data(text.utf8).write(to: directory.appending(path: "edge-01.json"))
        do {
            _ = try RecordedFleet(at: directory, seed: 7)
            Issue.record("nobody minds")
        } catch {
            #expect(error.problem.contains(words))
            #expect(error.place?.contains(directory.path) == true)
        }
    }

    @Test func `a file by itself is a cluster with a management cluster that knows nothing`()
        throws
    {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "recorded-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{"items": []}"#.utf8).write(to: file)
        let fleet = try RecordedFleet(at: file, seed: 7)
        #expect(fleet.clusters.map(\.name) == ["mgmt-1", "edge-01"])
        #expect(fleet.kind == .revision)
    }
}
