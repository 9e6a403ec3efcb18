import FleetModel
import Testing

@testable import Takeovers

/// What every step sees at every stage of a canary upgrade.
@Suite struct RevisionCheckpointTests {
    private let stages = ["00", "10", "20", "30", "40", "50"]

    @Test(arguments: [
        ("prepare", "preflight", "done done done done done done"),
        ("prepare", "upgrade-base", "notDone notDone notDone notDone notDone notDone"),
        ("prepare", "install-control-plane", "notDone done done done done done"),
        ("prepare", "check-control-plane", "partial done done done done done"),
        ("prepare", "old-untouched", "done done done done done done"),
        ("prepare", "test-workload", "notDone notDone notDone notDone notDone done"),
        ("takeover", "move-tags", "unknown notDone notDone notDone done done"),
        ("takeover", "restart-workloads", "terminal terminal notDone settling done done"),
        (
            "retire", "prove-old-unused",
            "terminal terminal terminal terminal settling done"
        ),
        (
            "retire", "remove-old-control-plane",
            "terminal terminal terminal terminal notDone done"
        ),
        ("retire", "final-check", "partial partial partial partial done done"),
    ])
    func `a step tells how far the upgrade is`(phase: String, name: String, words: String) throws {
        let step = try RevisionRunbook.step(name, of: phase)
        let seen = try stages.map { stage in
            let observation = try World.revision(stage).observe(step)
            return observation.word.split(separator: " ").last.map(String.init) ?? ""
        }
        #expect(seen.joined(separator: " ") == words)
    }
}
