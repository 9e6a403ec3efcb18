import FleetModel
import FleetPlanner
import FleetTestKit
import Testing

struct RollbackPlannerTests {
    private let forward: Plan = {
        let names = ["edge-01", "edge-02", "edge-03", "edge-04", "edge-05"].map(ClusterName.init)
        let waves = [
            Wave("canary", clusters: [names[0]], isCanary: true, soak: .minutes(30)),
            Wave(
                "rest", clusters: Array(names.dropFirst()), maxConcurrency: 1, maxFailures: 1,
                soak: .minutes(10), progressDeadline: .minutes(90), needsApproval: true),
        ]
        return Plan(
            takeover: .small, policy: "careful",
            phases: [
                Phase("prepare", steps: [StepOutline("look"), StepOutline("add")], waves: waves),
                Phase(
                    "retire", steps: [StepOutline("prove"), StepOutline("remove")], waves: waves),
            ],
            clusters: names.map { Cluster($0, management: "mgmt-1") },
            managementClusters: [Cluster("mgmt-1"), Cluster("mgmt-2")],
            limits: Plan.Limits(maxConcurrency: 2, maxFailures: 3))
    }()

    private let steps = [StepOutline("check", isBaseline: true), StepOutline("return")]

    private func plan(
        of chosen: [ClusterName], _ reach: [ClusterName: Reach], way: WayBack? = nil
    ) throws(RollbackProblem) -> Plan {
        let end = WayBack.End("retire", "remove", because: "it was removed")
        return try RollbackPlanner(
            plan: forward, run: "7F3K", way: way ?? .steps(steps, until: [end]), reach: reach
        ).plan(of: chosen)
    }

    private func at(_ phase: Int, _ steps: Int, touched: Bool = true) -> Reach {
        Reach(isTouched: touched, phase: phase, steps: steps, identity: nil)
    }

    @Test func `a rollback is one wave, three times as wide, without canary, soak or gate`() throws
    {
        let all = forward.clusters.map(\.name)
        let reach = Dictionary(uniqueKeysWithValues: all.map { ($0, at(1, 1)) })
        let plan = try plan(of: all, reach)
        #expect(plan.takeover.rollsBack == "7F3K")
        #expect(plan.phases.map(\.name) == ["rollback"])
        #expect(plan.phases[0].steps == steps)
        #expect(
            plan.phases[0].waves == [
                Wave(
                    "rollback", clusters: all, maxConcurrency: 3, maxFailures: 1,
                    progressDeadline: .minutes(90))
            ])
        #expect(plan.limits.maxConcurrency == 6)
        #expect(plan.limits.maxFailures == 3)
        #expect(plan.limits.maxDeferred == 5)
        #expect(plan.managementClusters.map(\.name) == ["mgmt-1"])
    }

    @Test func `what was not touched, or cannot go back, is left out with the reason`() throws {
        let reach: [ClusterName: Reach] = [
            "edge-01": at(1, 2), "edge-02": at(1, 1), "edge-03": at(0, 1),
            "edge-04": at(0, 0, touched: false),
        ]
        let plan = try plan(of: forward.clusters.map(\.name), reach)
        #expect(plan.clusters.map(\.name) == ["edge-02", "edge-03"])
        #expect(
            plan.leftOut == [
                Plan.LeftOut("edge-01", because: "it was removed"),
                Plan.LeftOut("edge-04", because: "run 7F3K never touched it"),
                Plan.LeftOut("edge-05", because: "run 7F3K never touched it"),
            ])
        #expect(plan.phases[0].waves[0].maxFailures == 1)
    }

    @Test func `clusters come in the order of the plan, whatever order they are named in`() throws {
        let plan = try plan(
            of: ["edge-03", "edge-02", "edge-03"], ["edge-02": at(0, 1), "edge-03": at(0, 1)])
        #expect(plan.phases[0].waves[0].clusters == ["edge-02", "edge-03"])
    }

    @Test func `a cluster is held against what the run saw of it`() throws {
        let seen = Reach(isTouched: true, phase: 0, steps: 1, identity: "uid-2")
        let manager = Reach(isTouched: false, phase: 0, steps: 0, identity: "uid-m")
        let plan = try plan(of: ["edge-02"], ["edge-02": seen, "mgmt-1": manager])
        #expect(plan.clusters.map(\.identity) == ["uid-2"])
        #expect(plan.managementClusters.map(\.identity) == ["uid-m"])
    }

    @Test func `nothing to take back is said with every reason`() {
        let problem = RollbackProblem.nothingToTakeBack(
            "7F3K",
            [
                Plan.LeftOut("edge-01", because: "it was removed"),
                Plan.LeftOut("edge-02", because: "run 7F3K never touched it"),
            ])
        #expect(throws: problem) { try plan(of: ["edge-01", "edge-02"], ["edge-01": at(1, 2)]) }
        #expect(
            problem.problem
                == "nothing of run 7F3K can be rolled back: edge-01 (it was removed); "
                + "edge-02 (run 7F3K never touched it)")
    }

    @Test func `a runbook without a way back says so`() {
        let way = WayBack.none(because: "it burns bridges", hint: "swim")
        #expect(
            throws: RollbackProblem.noWayBack(
                runbook: "none", reason: "it burns bridges", advice: "swim")
        ) { try plan(of: ["edge-01"], ["edge-01": at(0, 1)], way: way) }
    }
}
