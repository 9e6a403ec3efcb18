import FleetModel
import FleetTerminal
import Testing

struct PlanViewTests {
    @Test func `phases that go through the same waves share one table`() {
        let lines = PlanView.draw(.sample, id: "7F3K", hash: "9f8e", width: 80, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                Plan 7F3K: istio-1-25 on 12 clusters, 3 phases of 3 waves
                revision 1-25, version 1.25.3-solo, policy careful
                sha256 9f8e

                prepare   preflight, install
                takeover  activate, restart
                retire    remove

                prepare, takeover and retire each go through these waves:
                  WAVE    CLUSTERS  AT ONCE  FAILURES  SOAK  GATE      EXPOSURE  WORST CASE
                  canary         1        1         0   10m  –         strict             1
                  few            2        2         0   30m  –         soft               2
                  rest           9        3         1     –  approval  soft               4

                First: edge-01
                Limits: 10 clusters at once, 4 per management cluster, 3 attempts per step, 15m
                to drain after a halt
                Left out: 3 clusters
                  edge-77, edge-78  on hold: moving house
                  edge-90           no wave selects it
                To start it, run `bellwether run 7F3K`.
                """)
    }

    @Test func `a rollback says what it takes back, and what it leaves`() {
        var takeover = Plan.sample.takeover
        takeover.rollsBack = "7F3K"
        takeover.ownSteps = [
            OwnStep(
                name: "page-team", position: .init(.after, phase: "takeover"), place: .cluster,
                observe: .init(.path("/version"), expect: nil))
        ]
        let wave = Wave("rollback", clusters: ["edge-01"])
        let plan = Plan(
            takeover: takeover, policy: "swift",
            phases: [Phase("rollback", steps: [StepOutline("return-workloads")], waves: [wave])],
            clusters: [Cluster("edge-01")])
        let lines = PlanView.draw(plan, id: "9XYZ", hash: "9f8e", width: 80, style: .plain)
        #expect(
            lines.prefix(4) == [
                "Plan 9XYZ: rolls run 7F3K back on 1 cluster",
                "istio-1-25, from revision 1-25 back to 1-24", "sha256 9f8e",
                "Own steps are not rolled back: page-team",
            ])
    }

    @Test func `waived checks are shown with their reason`() {
        let waivers = ["P10": "CHG-7", "P07": "moved by \u{1B}hand"]
        let plan = Plan(
            takeover: Plan.sample.takeover, policy: "swift",
            phases: [
                Phase(
                    "prepare", steps: [StepOutline("install")],
                    waves: [Wave("all", clusters: ["edge-01"])])
            ], clusters: [Cluster("edge-01", waivers: waivers)])
        let lines = PlanView.draw(plan, id: "7F3K", hash: "9f8e", width: 80, style: .plain)
        let start = lines.firstIndex(of: "Waived checks:") ?? lines.endIndex
        #expect(
            lines[start...].prefix(3) == [
                "Waived checks:", "  edge-01 P07  moved by \u{FFFD}hand", "  edge-01 P10  CHG-7",
            ])
    }

    @Test func `phases with waves of their own have a table each`() {
        let plan = Plan(
            takeover: Plan.sample.takeover, policy: "swift",
            phases: [
                Phase(
                    "prepare", steps: [StepOutline("install")],
                    waves: [Wave("all", clusters: ["edge-01", "edge-02"], maxConcurrency: 2)]),
                Phase(
                    "takeover", steps: [StepOutline("activate")],
                    waves: [
                        Wave("canary", clusters: ["edge-01"], isCanary: true),
                        Wave("rest", clusters: ["edge-02"]),
                    ]),
            ], clusters: [Cluster("edge-01"), Cluster("edge-02")])
        let lines = PlanView.draw(plan, id: "7F3K", hash: "9f8e", width: 80, style: .plain)
        #expect(
            lines[4...11].joined(separator: "\n") == """
                prepare  install
                  WAVE  CLUSTERS  AT ONCE  FAILURES  SOAK  EXPOSURE  WORST CASE
                  all          2        2         0     –  soft               2

                takeover  activate
                  WAVE    CLUSTERS  AT ONCE  FAILURES  SOAK  EXPOSURE  WORST CASE
                  canary         1        1         0     –  soft               1
                  rest           1        1         0     –  soft               1
                """)
    }

    @Test func `the plan as JSON holds every wave's clusters and worst case`() {
        let text = PlanJSON.text(.sample, id: "7F3K", hash: "9f8e")
        #expect(text.hasPrefix(#"{"bastions":[],"clusters":[{"context":"edge-01""#))
        #expect(text.contains(#""clusters":["edge-02","edge-03"],"exposure":"soft""#))
        #expect(text.contains(#""soak":1800,"worstCase":2"#))
        #expect(text.contains(#"{"cluster":"edge-90","reason":"no wave selects it"}"#))
        #expect(text.contains(#""sha256":"9f8e""#))
    }

    @Test func `the plan as JSON is the same text every time`() {
        let texts = (0..<20).map { _ in PlanJSON.text(.sample, id: "7F3K", hash: "9f8e") }
        #expect(Set(texts).count == 1)
    }
}
