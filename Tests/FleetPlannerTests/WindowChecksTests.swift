import FleetModel
import FleetPlanner
import Testing

struct WindowChecksTests {
    private let wave = Wave(
        "all", clusters: ["edge-01", "edge-02"], progressDeadline: .minutes(30))

    private func problems(_ rule: WindowRule, _ hours: Range<Int>...) -> [PlanProblem] {
        let plan = Plan(
            takeover: Takeover(name: "t", runbook: "r", revision: "1-25", version: "1.25.2"),
            policy: "p", phases: [Phase("takeover", steps: [StepOutline("one")], waves: [wave])],
            clusters: [Cluster("edge-01", labels: ["tier": "gold"]), Cluster("edge-02")],
            windows: Windows([rule], margin: .minutes(15)))
        let spans = hours.map { minute($0.lowerBound)..<minute($0.upperBound) }
        do {
            try WindowChecks(plan: plan, times: WindowTimes([OpenHours(spans)]), at: minute(0))
                .check()
            return []
        } catch {
            return error.problems
        }
    }

    private func minute(_ number: Int) -> Timestamp {
        Timestamp(milliseconds: 0) + .minutes(number)
    }

    private func rule(_ effect: WindowRule.Effect, _ labels: [String: String]? = nil) -> WindowRule
    {
        WindowRule(
            effect, .weekly([.sat], from: .midnight, to: .midnight), zone: "UTC",
            clusters: labels.map(Selector.init(matchLabels:)))
    }

    @Test func `a window of deadline and margin is long enough`() {
        #expect(problems(rule(.allow), 100..<145).isEmpty)
        #expect(
            problems(rule(.allow), 100..<144, 200..<210) == [
                .noWindow(
                    ["edge-01", "edge-02"], phase: "takeover", needed: .minutes(45),
                    longest: .minutes(44))
            ])
    }

    @Test func `what is over does not count`() {
        #expect(problems(rule(.allow), -100..<20).map(\.problem).first?.contains("20m") == true)
        #expect(
            problems(rule(.allow), -100..<0).map(\.problem) == [
                #"no window ever opens for phase "takeover" of edge-01, edge-02"#
            ])
    }

    @Test func `a rule about nobody would protect nobody`() {
        let stray = rule(.deny, ["tier": "golden"])
        #expect(problems(stray, 0..<10) == [.windowForNobody(stray)])
        #expect(problems(rule(.deny, ["tier": "gold"]), 0..<10).isEmpty)
    }

    @Test func `whom no window is about may begin at any time`() {
        #expect(problems(rule(.allow, ["tier": "gold"]), 100..<200).isEmpty)
    }
}
