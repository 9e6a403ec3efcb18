import FleetModel
import Testing

@testable import Takeovers

/// What every step sees at every checkpoint of a takeover.
@Suite struct GlooCheckpointTests {
    static let stages = ["00", "10", "20", "30", "40", "50", "60", "70"]

    @Test(arguments: [
        ("preflight", "done done done done done done done done"),
        ("lock", "notDone notDone notDone notDone notDone notDone notDone notDone"),
        ("add-control-plane", "notDone partial done done done done done done"),
        ("check-control-plane", "partial partial done done done done done done"),
        ("add-eastwest-gateway", "notDone notDone partial done done done done done"),
        ("old-untouched", "done done done done done done done done"),
        ("test-workload", "notDone notDone notDone done done done done done"),
        ("test-traffic", "unknown unknown unknown notDone done done done done"),
        ("unlock", "done done done done done done done done"),
    ])
    func `preparing`(step: String, words: String) throws {
        try expect(step, of: "prepare", words)
    }

    @Test(arguments: [
        ("activate", "terminal partial notDone notDone done done done done"),
        ("deactivate-old-injector", "unknown unknown unknown unknown notDone settling done done"),
        (
            "restart-workloads",
            "terminal terminal terminal settling settling settling done done"
        ),
        (
            "test-moved-traffic",
            "notDone notDone notDone notDone notDone notDone notDone done"
        ),
        ("switch-gateways", "done done done done done done done done"),
    ])
    func `taking over`(step: String, words: String) throws {
        try expect(step, of: "takeover", words)
    }

    @Test(arguments: [
        (
            "prove-old-unused",
            "terminal terminal terminal terminal terminal terminal settling done"
        ),
        (
            "remove-old-gateways",
            "terminal terminal terminal terminal terminal terminal notDone done"
        ),
        (
            "remove-old-control-plane",
            "terminal terminal terminal terminal terminal terminal notDone done"
        ),
        ("sweep", "terminal terminal terminal terminal terminal terminal terminal done"),
        (
            "remove-old-operator",
            "terminal terminal terminal terminal terminal terminal terminal done"
        ),
        ("remove-test-workload", "done done done done done done done done"),
        ("final-check", "partial partial partial partial partial partial partial done"),
    ])
    func `retiring`(step: String, words: String) throws {
        try expect(step, of: "retire", words)
    }

    private func expect(_ name: String, of phase: String, _ words: String) throws {
        let step = try GlooRunbook.step(name, of: phase)
        let seen = try Self.stages.map { stage in
            try World(stage).observe(step).word.replacing("failed ", with: "")
        }
        #expect(seen.joined(separator: " ") == words)
    }

    @Test(arguments: [("60", ["prepare", "takeover"]), ("70", ["prepare", "takeover", "retire"])])
    func `a second run finds everything done but the lock`(
        stage: String, phases: [String]
    ) throws {
        var world = try World(stage)
        world.edit("Namespace", "petstore") {
            let record = TestRound.afterMove.recordAnnotation
            $0[path: ["metadata", "annotations", record]] = "default and 1-15 1.15.3-solo"
        }
        for phase in phases {
            for step in GlooRunbook.steps(of: phase, in: .gloo()) {
                guard step.outline.name != "lock" else { continue }
                #expect(world.observe(step).word == "done", "\(phase)/\(step.outline.name)")
            }
        }
    }

    @Test func `a step that is asked with nothing read asks for readings`() throws {
        let context = StepContext(now: Timestamp(milliseconds: 0))
        for phase in ["prepare", "takeover", "retire"] {
            for step in GlooRunbook.steps(of: phase, in: .gloo()) {
                #expect(step.observe(context).word == "needs", "\(step.outline.name)")
                #expect(
                    step.act(context).isEmpty || step.outline.name.hasSuffix("lock")
                        || step.outline.name.contains("test-workload"))
            }
        }
    }
}
