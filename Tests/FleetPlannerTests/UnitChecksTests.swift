import FleetModel
import FleetPlanner
import Testing

struct UnitChecksTests {
    private static func step(_ name: String, _ minutes: Int, isSafe: Bool = true) -> Step {
        Step(
            StepOutline(name, endsAtSafePoint: isSafe), timeout: .minutes(minutes),
            preview: StepPreview(proof: ""), observe: { _ in .done("") })
    }

    /// Two units: of 30 minutes from `b` to `d`, and of 12 from `f` to `g`.
    private static let steps = [
        step("a", 50), step("b", 10, isSafe: false), step("c", 5, isSafe: false), step("d", 15),
        step("e", 50), step("f", 2, isSafe: false), step("g", 10),
    ]
    private static let unit = UnitChecks.Unit(
        phase: "takeover", first: "b", last: "d", length: .minutes(30))

    private func checks(
        drain: Int = 30, progress: Int = 30, speed: String? = nil, windows: Windows? = nil,
        steps: [Step] = Self.steps
    ) -> UnitChecks {
        let labels = speed.map { [Cluster.speedLabel: $0] } ?? [:]
        let wave = Wave("all", clusters: ["edge-01"], progressDeadline: .minutes(progress))
        let plan = Plan(
            takeover: Takeover(name: "t", runbook: "r", revision: "1-25", version: "1.25.2"),
            policy: "p",
            phases: [Phase("takeover", steps: steps.map(\.outline), waves: [wave])],
            clusters: [Cluster("edge-01", labels: labels), Cluster("left-out")],
            limits: Plan.Limits(drainDeadline: .minutes(drain)), windows: windows)
        return UnitChecks(plan: plan) { _, cluster in
            cluster.name == "edge-01" ? steps : [Self.step("x", 600, isSafe: false)] + steps
        }
    }

    private func problems(_ checks: UnitChecks) -> [PlanProblem] {
        do {
            try checks.check()
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `deadlines as long as the longest unit are long enough`() {
        #expect(problems(checks()).isEmpty)
        #expect(problems(checks(drain: 1, progress: 1, steps: [Self.step("a", 50)])).isEmpty)
    }

    @Test func `a shorter one would part a unit`() {
        #expect(problems(checks(drain: 29)) == [.drainTooShort(.minutes(29), Self.unit)])
        #expect(
            problems(checks(progress: 29)) == [
                .progressTooShort(.minutes(29), wave: "all", Self.unit)
            ])
    }

    @Test func `a cluster that lives faster needs less`() {
        #expect(problems(checks(drain: 3, progress: 3, speed: "10")).isEmpty)
        #expect(problems(checks(drain: 2, progress: 3, speed: "10")).count == 1)
    }

    @Test func `a unit that no window is about is told`() {
        let rule = { (phases: [String]) in
            WindowRule(
                .allow, .weekly([.sat], from: .midnight, to: .midnight), zone: "UTC",
                phases: phases)
        }
        #expect(checks().unguarded.map(\.unit) == [Self.unit])
        #expect(checks().unguarded.map(\.clusters) == [1])
        #expect(checks(windows: Windows([rule(["takeover"])])).unguarded.isEmpty)
        #expect(checks(windows: Windows([rule(["retire"])])).unguarded.count == 1)
        #expect(checks(steps: [Self.step("a", 50)]).unguarded.isEmpty)
    }
}
