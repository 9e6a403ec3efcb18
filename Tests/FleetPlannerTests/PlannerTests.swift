import FleetModel
import FleetPlanner
import Testing

struct PlannerTests {
    let outline = RunbookOutline(
        "none",
        phases: [
            .init("prepare", steps: [StepOutline("install")]),
            .init("takeover", steps: [StepOutline("activate")]),
        ])
    let fleet = Fleet(
        clusters: (1...12).map { number in
            Cluster(
                ClusterName(number < 10 ? "edge-0\(number)" : "edge-\(number)"),
                labels: ["canary": number == 7 ? "true" : "false"])
        })

    func plan(
        _ waves: [WavePolicy], fleet: Fleet? = nil, change: (inout Policy) -> Void = { _ in }
    ) throws(PlanProblems) -> Plan {
        var policy = Policy(name: "careful", waves: waves)
        change(&policy)
        return try Planner(
            fleet: fleet ?? self.fleet, policy: policy,
            takeover: Takeover(name: "t", runbook: "none", revision: "1-25", version: "1.25"),
            outline: outline
        ).plan()
    }

    func problems(
        _ waves: [WavePolicy], fleet: Fleet? = nil, change: (inout Policy) -> Void = { _ in }
    ) -> [PlanProblem] {
        do {
            _ = try plan(waves, fleet: fleet, change: change)
            return []
        } catch {
            return error.problems
        }
    }

    let canary = WavePolicy("canary", members: .size(.count(1)), isCanary: true)
    let rest = WavePolicy("rest", members: .rest)

    @Test func `sizes take clusters in order and the rest goes last`() throws {
        let plan = try plan([
            canary, WavePolicy("third", members: .size(.percent(33))), rest,
        ])
        #expect(plan.phases.map(\.name) == ["prepare", "takeover"])
        #expect(plan.phases[0].waves.map(\.clusters.count) == [1, 3, 8])
        #expect(plan.phases[0].waves[0].clusters == ["edge-01"])
    }

    @Test(
        arguments: [
            (
                nil,
                ["prepare": [false, false], "takeover": [false, false], "retire": [true, false]]
            ),
            (
                false,
                [
                    "prepare": [false, false], "takeover": [false, false],
                    "retire": [false, false],
                ]
            ),
            (
                true,
                ["prepare": [true, false], "takeover": [true, false], "retire": [true, false]]
            ),
        ] as [(Bool?, [String: [Bool]])])
    func `nothing is removed for good unasked, unless the policy says so`(
        canarysGate: Bool?, gates: [String: [Bool]]
    ) throws {
        var first = canary
        first.needsApproval = canarysGate
        let phases = outline.phases + [.init("retire", steps: [StepOutline("remove")])]
        let plan = try Planner(
            fleet: fleet, policy: Policy(name: "careful", waves: [first, rest]),
            takeover: Takeover(name: "t", runbook: "none", revision: "1-25", version: "1.25"),
            outline: RunbookOutline("none", phases: phases)
        ).plan()
        for phase in plan.phases {
            #expect(phase.waves.map(\.needsApproval) == gates[phase.name], "\(phase.name)")
        }
    }

    @Test func `a selector picks its canary wherever it stands`() throws {
        let labelled = WavePolicy(
            "canary", members: .matching(Selector(matchLabels: ["canary": "true"])), isCanary: true)
        let plan = try plan([labelled, rest])
        #expect(plan.phases[0].waves[0].clusters == ["edge-07"])
        #expect(plan.phases[0].waves[1].clusters.count == 11)
    }

    @Test func `an explicit order comes before names`() throws {
        var fleet = fleet
        fleet.clusters[9].order = 1
        let plan = try plan([canary, rest], fleet: fleet)
        #expect(plan.phases[0].waves[0].clusters == ["edge-10"])
    }

    @Test func `canary and second wave are strict unless the policy says otherwise`() throws {
        let plan = try plan([canary, WavePolicy("few", members: .size(.count(3))), rest])
        #expect(plan.phases[0].waves.map(\.exposure) == [.strict, .strict, .soft])
    }

    @Test func `every cluster left out says why`() throws {
        var fleet = fleet
        fleet.clusters[0].hold = "audit"
        let plan = try plan([canary, rest], fleet: fleet) {
            $0.clusters = Selector([.init(key: "canary", test: .isNotIn(["true"]))])
        }
        #expect(
            plan.leftOut == [
                Plan.LeftOut("edge-01", because: "on hold: audit"),
                Plan.LeftOut("edge-07", because: "its labels don't match canary notin (true)"),
            ])
    }

    @Test func `all mistakes are found in one go`() {
        let problems = problems([
            WavePolicy("first", members: .named(["edge-01", "edge-99"]), maxFailures: .count(2)),
            WavePolicy("second", members: .named(["edge-01"])),
            WavePolicy("third", members: .size(.count(4)), maxConcurrency: .percent(0)),
        ])
        #expect(problems.contains(.noCanary(phase: "prepare")))
        #expect(problems.contains(.overlap("edge-01", wave: "second", earlier: "first")))
        #expect(problems.contains(.concurrency(.percent(0), wave: "third", clusters: 4)))
        #expect(problems.contains(.tolerance(.count(2), wave: "first", clusters: 1)))
        #expect(
            problems.contains {
                if case .unknownCluster("edge-99", _, _) = $0 { true } else { false }
            })
        #expect(
            problems.contains {
                if case .unplaced(let left, _) = $0 { left.count == 7 } else { false }
            })
    }

    @Test func `a tolerance of the whole wave must be meant`() {
        let lossy = WavePolicy("rest", members: .rest, maxFailures: .percent(100))
        #expect(
            problems([canary, lossy]) == [
                .totalLoss(.percent(100), wave: "rest", clusters: 11)
            ])
        let meant = WavePolicy(
            "rest", members: .rest, maxFailures: .percent(100), allowTotalLoss: true)
        #expect(problems([canary, meant]).isEmpty)
    }

    @Test func `unplaced clusters join the last wave or stay out, as the policy says`() throws {
        let few = WavePolicy("few", members: .size(.count(3)))
        let joined = try plan([canary, few]) { $0.unplaced = .lastWave }
        #expect(joined.phases[0].waves[1].clusters.count == 11)
        let ignored = try plan([canary, few]) { $0.unplaced = .ignore }
        #expect(ignored.clusters.count == 4)
        #expect(ignored.leftOut.count == 8)
    }

    @Test func `a phase may have waves of its own`() throws {
        let plan = try plan([canary, rest]) {
            $0.phases["takeover"] = [canary, WavePolicy("few", members: .size(.count(2))), rest]
        }
        #expect(plan.phases.map(\.waves.count) == [2, 3])
        #expect(
            problems([canary, rest]) { $0.phases["retire"] = [canary] }.isEmpty,
            "a policy for runbooks with more phases")
        #expect(
            problems([canary, rest]) { $0.phases["retyre"] = [canary] } == [
                .unknownPhase("retyre", known: ["prepare", "takeover"])
            ])
    }

    @Test func `the same inputs give the same plan`() throws {
        let first = try plan([canary, rest])
        let again = try plan([canary, rest])
        #expect(first == again)
    }

    @Test func `the worst case before a halt bites is stated`() throws {
        let wide = WavePolicy(
            "rest", members: .rest, maxConcurrency: .count(4), maxFailures: .count(2),
            exposure: .soft)
        let plan = try plan([canary, wide])
        #expect(plan.worstCase(of: plan.phases[0].waves[0]) == 1)
        #expect(plan.worstCase(of: plan.phases[0].waves[1]) == 6)
    }
}
