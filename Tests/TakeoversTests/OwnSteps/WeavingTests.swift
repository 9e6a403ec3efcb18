import FleetModel
import Foundation
import Testing

@testable import Takeovers

/// A takeover's own steps among those of its runbook.
struct WeavingTests {
    private func step(
        _ name: String, _ side: OwnStep.Side, _ phase: String, _ step: String? = nil,
        acts: Bool = true
    ) -> OwnStep {
        OwnStep(
            name: name, position: .init(side, phase: phase, step: step),
            observe: .init(.path("/version")), act: acts ? .init(["true"]) : nil)
    }

    private func takeover(_ steps: [OwnStep], runbook: String = "gloo") -> Takeover {
        var takeover = Takeover.gloo()
        takeover.runbook = runbook
        takeover.ownSteps = steps
        return takeover
    }

    private func problems(_ steps: [OwnStep]) -> [String] {
        GlooRunbook.allProblems(in: takeover(steps)).map(\.problem)
    }

    @Test func `stand where they say, in their order, and within the lock`() {
        let takeover = takeover([
            step("first", .before, "takeover"), step("second", .before, "takeover"),
            step("early", .before, "takeover", "activate"),
            step("late", .after, "takeover", "activate"), step("last", .after, "takeover"),
            step("before-last", .before, "takeover", "last"),
        ])
        let phase = GlooRunbook.wholeOutline(for: takeover).phases[1]
        #expect(
            phase.steps.map(\.name) == [
                "lock", "first", "second", "early", "activate", "late", "deactivate-old-injector",
                "restart-workloads", "test-moved-traffic", "switch-gateways", "before-last",
                "last", "unlock",
            ])
        let steps = GlooRunbook.allSteps(of: "takeover", in: .gloo(takeover))
        #expect(steps.map(\.outline) == phase.steps)
    }

    @Test func `leave a runbook without any as it is`() {
        #expect(GlooRunbook.wholeOutline(for: .gloo()) == GlooRunbook.outline(for: .gloo()))
    }

    @Test func `never part what must not be parted`() {
        let base = [
            StepOutline("a"), StepOutline("b", endsAtSafePoint: false), StepOutline("c"),
        ]
        let takeover = takeover([
            step("x", .after, "p", "b"), step("y", .after, "p", "c"),
        ])
        let woven = Weaving(takeover, phase: "p").weave(base, outline: \.self) { $1 }
        #expect(woven.map(\.name) == ["a", "b", "x", "c", "y"])
        #expect(woven.map(\.endsAtSafePoint) == [true, false, false, true, true])
    }

    @Test func `are held to no more than the step that they stand behind`() throws {
        var takeover = Takeover.bigBang()
        takeover.ownSteps = [
            step("before", .before, "takeover", "step-1-values"),
            step("behind", .after, "takeover", "step-1-values"),
        ]
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
            epoch: 1)
        let steps = BigBangRunbook.allSteps(of: "takeover", in: situation)
        let keeps = Dictionary(
            uniqueKeysWithValues: steps.map { ($0.outline.name, $0.preview.keeps) })
        #expect(keeps["behind"] == keeps["step-1-values"])
        #expect(keeps["before"] != keeps["behind"])
    }

    @Test func `make a whole runbook`() {
        let takeover = takeover(
            [
                step("a", .after, "prepare"), step("b", .after, "prepare"),
                step("c", .after, "retire"),
            ],
            runbook: "own")
        let outline = OwnRunbook.wholeOutline(for: takeover)
        #expect(outline.phases.map(\.name) == ["prepare", "retire"])
        #expect(outline.phases[0].steps.map(\.name) == ["lock", "a", "b", "unlock"])
        #expect(OwnRunbook.allProblems(in: takeover).isEmpty)
        #expect(
            OwnRunbook.allProblems(in: self.takeover([], runbook: "own")).map(\.problem)
                == ["the runbook `own` has no steps but the takeover's"])
    }

    @Test func `are told every phase there is, those without a step of theirs too`() {
        let takeover = takeover([step("a", .after, "lunch")], runbook: "own")
        #expect(
            OwnRunbook.allProblems(in: takeover).map(\.hint)
                == ["its phases are prepare, takeover, retire"])
    }

    @Test func `are refused where they can't stand`() {
        #expect(problems([step("a", .before, "lunch")]) == ["the runbook has no phase \"lunch\""])
        #expect(
            problems([step("a", .before, "takeover", "lunch")])
                == ["phase takeover has no step \"lunch\" to stand by"])
        #expect(
            problems([
                step("a", .before, "takeover", "b"), step("b", .after, "takeover", "a"),
            ]).count == 2)
        #expect(
            problems([step("activate", .after, "prepare"), step("b", .after, "prepare")])
                == ["there is another step \"activate\""])
        #expect(
            problems([step("b", .after, "prepare"), step("b", .after, "retire")])
                == ["there is another step \"b\""])
        let taken = ["there is another step \"activate\""]
        #expect(problems([step("activate", .after, "takeover", "activate")]) == taken)
        #expect(
            problems([
                step("b", .after, "takeover"), step("b", .before, "takeover", "b"),
            ]) == ["there is another step \"b\""])
        let unlocked = ["step \"a\" would act without the cluster's writer lock"]
        #expect(problems([step("a", .before, "prepare", "preflight")]) == unlocked)
        #expect(problems([step("a", .after, "takeover", "unlock")]) == unlocked)
        #expect(problems([step("a", .after, "takeover", "unlock", acts: false)]).isEmpty)
        #expect(problems([step("a", .after, "takeover", "lock")]).isEmpty)
    }

    @Test func `are refused when they can't be understood`() {
        var odd = step("a", .after, "prepare")
        odd.observe = .init(
            .command(["kubectl", "--context", "prod", "get", "${clutser}"], stdin: "${"),
            expect: ".a ==")
        let found = problems([odd])
        #expect(found.count == 4, "\(found)")
        #expect(found.first?.hasPrefix("`expect` is no jq program: ") == true)
        #expect(found.contains("`--context` chooses the cluster of step \"a\""))
        #expect(found.contains("there is no placeholder `${clutser}`"))
        #expect(found.contains("a placeholder is not closed by `}`"))
        var pathless = step("b", .after, "prepare")
        pathless.observe = .init(.path("api/v1/nodes"))
        #expect(problems([pathless]) == ["`get` should begin with `/`, got: \"api/v1/nodes\""])
        odd.place = .local
        #expect(problems([odd]).contains("kubectl runs on a cluster, and `where` says local"))
    }

    @Test func `are refused wherever a placeholder can't be understood`() {
        var odd = step("a", .after, "prepare")
        odd.observe = .init(.path("/${one}"), expect: nil)
        odd.act = .init(["true", "${two}"], stdin: "${three} ${label.}")
        #expect(
            Set(problems([odd]))
                == Set(
                    ["one", "two", "three", "label."].map { "there is no placeholder `${\($0)}`" })
        )
        odd.observe = .init(.command(["true"], stdin: nil), expect: nil)
        odd.act = .init(["kubectl", "--context", "prod", "get", "ns"])
        #expect(problems([odd]) == ["`--context` chooses the cluster of step \"a\""])
    }

    @Test func `are found again as they were written, and change no plan without any`() throws {
        let takeover = takeover([step("a", .after, "prepare", "lock")])
        let written = try JSONEncoder().encode(takeover)
        #expect(try JSONDecoder().decode(Takeover.self, from: written) == takeover)
        let plain = try JSONEncoder().encode(Takeover.gloo())
        #expect(!String(decoding: plain, as: UTF8.self).contains("ownSteps"))
    }
}
