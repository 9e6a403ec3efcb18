import FleetModel
import Testing

@testable import Takeovers

/// P14, and what is found in the end held against what was found before.
@Suite struct ConfigurationAnalysisTests {
    private func analysis(_ errors: [(code: String, origin: String)]) -> ToolReport {
        let items = errors.map { error -> JSON in
            [
                "code": .string(error.code), "level": "Error", "origin": .string(error.origin),
                "message": "not found",
            ]
        }
        return ToolReport(exit: 0, stdout: JSON.array(items).description)
    }

    private func world(
        _ errors: [(code: String, origin: String)] = [("IST0101", "VirtualService shop/cart")],
        stage: String = "00"
    ) throws -> World {
        var world = try World.revision(stage)
        world.istioctlAnswers = ["analyze": analysis(errors), "precheck": ToolReport(exit: 0)]
        return world
    }

    private func situation(
        _ analysis: String? = nil, tools: [String: String] = [:], epoch: Int = 1
    ) -> Situation {
        let parameters: [String: JSON] = analysis.map { ["analysis": .string($0)] } ?? [:]
        return Situation(
            takeover: .revision(parameters: parameters),
            cluster: Cluster("cluster-1", tools: tools), management: nil, run: "7F3K",
            epoch: epoch)
    }

    private func preflight(_ situation: Situation) throws -> Step {
        try RevisionRunbook.step("preflight", of: "prepare", in: situation)
    }

    private let named = ["istioctl": "istioctl"]
    private let words = "P14 IST0101 VirtualService shop/cart: not found"

    @Test func `errors warn where an istioctl is named, and block where the takeover says so`()
        throws
    {
        let world = try world()
        #expect(!"\(world.observe(try preflight(situation())))".contains("P14"))
        let warned = world.observe(try preflight(situation(tools: named)))
        #expect(warned.word == "done" && "\(warned)".contains(words))
        let off = world.observe(try preflight(situation("off", tools: named)))
        #expect(!"\(off)".contains("P14"))
        let blocked = world.observe(try preflight(situation("block")))
        #expect(blocked.word == "failed blocked" && "\(blocked)".contains(words))
    }

    @Test func `an overlap of both injectors is expected while there are both revisions`() throws {
        let overlap = (code: "IST0139", origin: "MutatingWebhookConfiguration x")
        let step = try preflight(situation("block", tools: named))
        #expect(try world([overlap], stage: "00").observe(step).word == "failed blocked")
        #expect(try world([overlap], stage: "10").observe(step).word == "done")
    }

    @Test func `an istioctl that does not answer is told, and blocks nothing`() throws {
        var world = try world()
        world.istioctlAnswers = [
            "analyze": ToolReport(exit: 1, stderr: "Error: timed out"),
            "precheck": ToolReport(exit: 0, stderr: "failed to get config dump"),
        ]
        let seen = world.observe(try preflight(situation("block")))
        #expect(seen.word == "done")
        #expect("\(seen)".contains("P14 istioctl analyze does not answer: Error: timed out"))
        #expect("\(seen)".contains("P14 istioctl x precheck: failed to get config dump"))
    }

    private func step(_ name: String, _ phase: String, _ mode: String) throws -> Step {
        let steps = RevisionRunbook.allSteps(of: phase, in: situation(mode))
        return try #require(steps.first { $0.outline.name == name })
    }

    @Test(arguments: ["warn", "block"])
    func `only errors that were not there before count in the end`(mode: String) throws {
        var world = try world()
        let note = try step("note-analysis", "prepare", mode)
        #expect(world.turn(note).commands.withoutLease.count == 1)
        #expect(world.turn(note).commands.isEmpty)
        let compare = try step("compare-analysis", "retire", mode)
        let before = (code: "IST0101", origin: "VirtualService shop/cart")
        world.istioctlAnswers["analyze"] = analysis([before, ("IST0101", "VirtualService a/b")])
        let (seen, commands) = world.turn(compare)
        #expect(seen.word == (mode == "block" ? "partial" : "done"))
        #expect("\(seen)".contains("VirtualService a/b") && !"\(seen)".contains("shop/cart"))
        #expect(commands.isEmpty)
        world.istioctlAnswers["analyze"] = analysis([before])
        #expect(world.turn(compare).commands.withoutLease.count == 1)
        #expect(world.object("ConfigMap", AnalysisNote.name, in: "default") == nil)
        #expect(world.turn(compare).observation.word == "done")
    }

    @Test func `what another takeover noted does not count`() throws {
        var world = try world()
        let note = try step("note-analysis", "prepare", "warn")
        _ = world.turn(note)
        world.edit("ConfigMap", AnalysisNote.name, in: "default") {
            $0[path: ["data", "takeover"]] = "1-23 to 1-24-3 1.24.3"
        }
        #expect(world.observe(note).word == "notDone")
    }

    @Test func `after the takeover nothing is noted any more`() throws {
        let world = try world(stage: "50")
        #expect(world.observe(try step("note-analysis", "prepare", "warn")).word == "done")
    }

    @Test(arguments: ["gloo", "bigbang", "revision", "sail"])
    func `the steps are those that the plan freezes`(name: String) throws {
        let runbook = try #require(Runbooks.named(name))
        let takeover = situation("warn").takeover
        for phase in runbook.wholeOutline(for: takeover).phases {
            let steps = runbook.allSteps(of: phase.name, in: situation("warn"))
            #expect(steps.map(\.outline) == phase.steps)
            let names = steps.map(\.outline.name)
            #expect(names.contains("note-analysis") == (phase.name == "prepare"))
            #expect(names.contains("compare-analysis") == (phase.name == "retire"))
        }
        let plain = runbook.wholeOutline(for: situation().takeover).phases.flatMap(\.steps)
        #expect(!plain.contains { $0.name.hasSuffix("-analysis") })
    }
}
