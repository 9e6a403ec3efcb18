import FleetModel
import Testing

@testable import Takeovers

/// What every step sees at every checkpoint of the scenarios.
///
/// While the parent release is under way its version is not known, so every step looks again.
@Suite struct BigBangCheckpointTests {
    @Test(arguments: [
        ("preflight", "done unknown blocked done blocked done done done blocked"),
        ("reconcile-releases", "notDone unknown done done done done done done done"),
        ("save-baseline", "notDone unknown done done done done done done done"),
        ("step-1-values", "notDone unknown done done done done done done done"),
        ("old-gone", "partial unknown done done done done done done done"),
        (
            "new-control-plane",
            "partial unknown partial notDone notDone notDone notDone notDone notDone"
        ),
        ("step-2-values", "unknown unknown unknown notDone done done done done terminal"),
        ("gateways-up", "partial unknown partial partial partial done done done partial"),
        ("publish-addresses", "done unknown done done done notDone notDone notDone done"),
        ("await-dns", "done unknown done done done partial partial partial done"),
        ("finish", "terminal unknown terminal terminal done done done done terminal"),
    ])
    func `of 2_54`(name: String, words: String) throws {
        let stages = ["00", "10", "20", "30", "40", "50", "51", "60", "90"]
        try expect(name, "254", stages, words)
    }

    @Test(arguments: [
        ("preflight", "done unknown blocked done done done blocked"),
        ("reconcile-releases", "notDone unknown done done done done done"),
        ("step-1-values", "notDone unknown done done done done done"),
        ("old-gone", "partial unknown done done done done done"),
        ("new-control-plane", "partial unknown partial notDone notDone notDone notDone"),
        ("step-2-values", "unknown unknown unknown done done done terminal"),
        ("gateways-up", "partial unknown partial done done done partial"),
        ("finish", "terminal unknown terminal done done done terminal"),
    ])
    func `of 2_50`(name: String, words: String) throws {
        try expect(name, "250", ["00", "10", "20", "50", "51", "60", "90"], words)
    }

    private func expect(
        _ name: String, _ variant: String, _ stages: [String], _ words: String
    ) throws {
        let step = try BigBangRunbook.step(name)
        let seen = try stages.map { stage in
            let observation = try World(bigBang: "\(variant)/\(stage)").observe(step)
            return observation.word.replacing("failed ", with: "")
        }
        #expect(seen.joined(separator: " ") == words)
    }

    @Test func `a step that is asked with nothing read asks for readings and runs nothing`()
        throws
    {
        let context = StepContext(now: Timestamp(milliseconds: 0))
        for phase in ["prepare", "takeover", "retire"] {
            for step in BigBangRunbook.steps(of: phase, in: .bigBang()) {
                let name = step.outline.name
                #expect(step.observe(context).word == "needs", "\(name)")
                #expect(step.act(context).isEmpty || name.hasSuffix("lock"), "\(name)")
            }
        }
    }
}
