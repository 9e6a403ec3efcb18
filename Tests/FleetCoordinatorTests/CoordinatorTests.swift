import FleetCoordinator
import FleetModel
import FleetTestKit
import Testing

struct CoordinatorTests {
    let start = Timestamp(milliseconds: 0)
    let canary = WavePosition(phase: 0, wave: 0)
    let canaryAttempt = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 1)
    let plan = Plan.small(waves: [
        Wave("canary", clusters: ["edge-01"], isCanary: true),
        Wave("rest", clusters: ["edge-02", "edge-03"], maxConcurrency: 2, maxFailures: 1),
    ])

    func coordinator(_ events: Event..., plan: Plan? = nil) -> Coordinator {
        let entries = events.enumerated().map {
            JournalEntry(sequence: $0.offset + 1, time: start, event: $0.element)
        }
        return Coordinator(plan: plan ?? self.plan, replaying: entries)
    }

    func failed(_ kind: Failure.Kind) -> Outcome { .failed(Failure(kind, "no")) }

    @Test func `a new run begins with the canary wave`() {
        #expect(coordinator().directives(at: start) == [.record(.waveStarted(canary))])
    }

    @Test func `why a run was begun all the same is told of every cluster`() {
        let begun = coordinator(.runStarted(by: "ann", reason: "the patch is in"))
        #expect(begun.snapshot(of: "7F3K", at: start).startReason == "the patch is in")
        let words = "The run was started for a reason: the patch is in."
        #expect(begun.reasons(for: "edge-02", at: start).contains(words))
        let usual = coordinator(.runStarted(by: "ann")).reasons(for: "edge-02", at: start)
        #expect(!usual.contains { $0.contains("started for a reason") })
    }

    @Test func `what was found of a waiver is told with it, as it was found last`() {
        let cluster = Cluster("edge-01", waivers: ["P03": "CHG-8", "P07": "CHG-7"])
        let plan = Plan(
            takeover: plan.takeover, policy: plan.policy, phases: plan.phases,
            clusters: [cluster, Cluster("edge-02"), Cluster("edge-03")])
        let found = ["it is down", "it is still down"].map {
            Event.findingWaived(canaryAttempt, WaivedFinding("P07", $0, because: "CHG-7"))
        }
        let snapshot = coordinator(found[0], found[1], plan: plan).snapshot(of: "7F3K", at: start)
        #expect(
            snapshot.waivers == [
                WaivedCheck("P03", on: "edge-01", because: "CHG-8"),
                WaivedCheck("P07", on: "edge-01", because: "CHG-7", found: "it is still down"),
            ])
    }

    @Test func `a run that is over says when it ended`() {
        let over = coordinator(.runStarted(by: "ann"), .runCompleted(withExceptions: false))
        #expect(over.snapshot(of: "7F3K", at: start + .minutes(9)).endedAt == start)
        #expect(coordinator(.runStarted(by: "ann")).snapshot(of: "7F3K", at: start).endedAt == nil)
    }

    @Test func `what the plan knows of a cluster is its first contact`() {
        let plan = Plan(
            takeover: plan.takeover, policy: plan.policy, phases: plan.phases,
            clusters: [Cluster("edge-01", identity: "known"), Cluster("edge-02")])
        let coordinator = coordinator(
            .identityPinned("edge-01", uid: "other"), .identityPinned("edge-02", uid: "new"),
            plan: plan)
        #expect(coordinator.pinnedIdentity(of: "edge-01") == "known")
        #expect(coordinator.pinnedIdentity(of: "edge-02") == "new")
    }

    @Test func `a failed canary halts the run before the next wave starts`() {
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, failed(.terminal)))
        #expect(
            coordinator.directives(at: start) == [
                .record(.runHalting(.canaryFailed("edge-01", reason: "no")))
            ])
    }

    @Test(arguments: [Failure.Kind.timedOut, .unreachable, .terminal, .inDoubt, .identityMismatch])
    func `a canary that is lost to us in any way halts the run`(kind: Failure.Kind) {
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, failed(kind)))
        guard case .record(.runHalting) = coordinator.directives(at: start).first else {
            Issue.record("\(kind) did not halt: \(coordinator.directives(at: start))")
            return
        }
    }

    @Test func `an alarm stops all but the cluster that raised it`() {
        let wave = Wave(
            "all", clusters: ["edge-01", "edge-02", "edge-03"], maxConcurrency: 2,
            progressDeadline: .seconds(7200))
        let plan = Plan.small(
            steps: [StepOutline("see"), StepOutline("restart-workloads")], waves: [wave])
        let (first, second) = (
            Attempt(cluster: "edge-01", phase: 0, step: 0, number: 1),
            Attempt(cluster: "edge-02", phase: 0, step: 0, number: 1)
        )
        let next = Attempt(cluster: "edge-01", phase: 0, step: 1, number: 1)
        let halt = Halt.alarmed("edge-01", reason: "no")
        var coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(first), .attemptStarted(second),
            .attemptFinished(first, failed(.alarm)), plan: plan)
        #expect(coordinator.directives(at: start) == [.record(.runHalting(halt))])
        coordinator.apply(.runHalting(halt), at: start)
        let directives = coordinator.directives(at: start)
        #expect(directives.contains(.start(next)), "the cluster goes on")
        #expect(directives.contains(.drain(second)))
        #expect(directives.filter(\.isStart).count == 1, "and nobody begins")
        // It is left the time that a wave has, and not told to stop.
        coordinator.apply(.attemptStarted(next), at: start)
        coordinator.apply(.attemptFinished(second, failed(.interrupted)), at: start)
        let late = start + plan.limits.drainDeadline
        #expect(coordinator.directives(at: late) == [.wake(at: start + .seconds(7200))])
        coordinator.apply(.attemptFinished(next, failed(.terminal)), at: late)
        #expect(coordinator.directives(at: late) == [.record(.runHalted)])
    }

    @Test func `a canary that needed no change is still the canary`() {
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, .succeeded(changed: false)), .wavePassed(canary),
            .waveStarted(WavePosition(phase: 0, wave: 1)))
        #expect(coordinator.directives(at: start).filter(\.isStart).count == 2)
    }

    @Test func `a halted run asks for nothing`() {
        let coordinator = coordinator(
            .waveStarted(canary), .runHalting(.requested(by: "ada", reason: nil)), .runHalted)
        #expect(coordinator.directives(at: start).isEmpty)
    }

    @Test func `a failure within the budget lets the wave go on`() {
        let attempt = Attempt(cluster: "edge-02", phase: 0, step: 0, number: 1)
        let second = WavePosition(phase: 0, wave: 1)
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, .succeeded(changed: true)), .wavePassed(canary),
            .waveStarted(second), .attemptStarted(attempt),
            .attemptFinished(attempt, failed(.terminal)))
        let next = Attempt(cluster: "edge-03", phase: 0, step: 0, number: 1)
        #expect(coordinator.directives(at: start).contains(.start(next)))
    }

    @Test(arguments: [(false, 599_999), (true, 600_000)])
    func `a soak ends on the second, not before`(passes: Bool, milliseconds: Int64) {
        let coordinator = coordinator(
            .waveStarted(canary), .soakStarted(canary, until: start + .seconds(600)))
        let expected: [Directive] =
            passes ? [.record(.wavePassed(canary))] : [.wake(at: start + .seconds(600))]
        #expect(coordinator.directives(at: Timestamp(milliseconds: milliseconds)) == expected)
    }

    @Test func `a cluster that was unwell before we came is deferred, not failed`() throws {
        let plan = Plan.small(
            steps: [StepOutline("preflight", isBaseline: true), StepOutline("upgrade")],
            waves: [Wave("rest", clusters: ["edge-01", "edge-02"])],
            limits: Plan.Limits(maxDeferred: 1))
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, failed(.blocked)), plan: plan)
        let progress = try #require(coordinator.progress(of: "edge-01"))
        #expect(progress.state == .deferred(Failure(.blocked, "no")))
        #expect(coordinator.leftAside == ["edge-01"])
        #expect(!coordinator.directives(at: start).filter(\.isStart).isEmpty)
    }

    @Test func `a halting run takes a cluster on to its next safe point and no further`() {
        let plan = Plan.small(
            steps: [
                StepOutline("activate", interrupt: .finishOrRollBack, endsAtSafePoint: false),
                StepOutline("deactivate", interrupt: .finishOrRollBack),
                StepOutline("restart"),
            ], waves: [Wave("canary", clusters: ["edge-01"], isCanary: true)])
        let second = Attempt(cluster: "edge-01", phase: 0, step: 1, number: 1)
        var coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .runHalting(.requested(by: "ada", reason: nil)),
            .attemptFinished(canaryAttempt, .succeeded(changed: true)), plan: plan)
        #expect(coordinator.directives(at: start).contains(.start(second)))
        coordinator.apply(.attemptStarted(second), at: start)
        coordinator.apply(.attemptFinished(second, .succeeded(changed: true)), at: start)
        #expect(coordinator.directives(at: start) == [.record(.runHalted)])
    }

    @Test func `a stuck cluster cannot keep a run halting for ever`() {
        let coordinator = coordinator(
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .runHalting(.requested(by: "ada", reason: nil)))
        let deadline = plan.limits.drainDeadline
        #expect(
            coordinator.directives(at: start + deadline) == [
                .stop(canaryAttempt, .drainDeadline(deadline))
            ])
    }

    @Test func `clusters of one management cluster keep to its limit`() {
        let clusters = ["a", "b", "c"].map { Cluster(ClusterName($0), management: "mgmt-1") }
        let plan = Plan(
            takeover: .small, policy: "p",
            phases: [
                Phase(
                    "prepare", steps: [StepOutline("s")],
                    waves: [Wave("all", clusters: ["a", "b", "c"], maxConcurrency: 3)])
            ], clusters: clusters, managementClusters: [Cluster("mgmt-1")],
            limits: Plan.Limits(managementConcurrency: 1))
        let coordinator = coordinator(.waveStarted(canary), plan: plan)
        #expect(coordinator.directives(at: start).filter(\.isStart).count == 1)
    }

    @Test func `a wave that waits for approval starts nothing`() {
        let plan = Plan.small(waves: [Wave("rest", clusters: ["edge-01"], needsApproval: true)])
        #expect(coordinator(plan: plan).directives(at: start) == [.awaitApproval(canary)])
        #expect(
            coordinator(.waveApproved(canary, by: "ada"), plan: plan).directives(at: start) == [
                .record(.waveStarted(canary))
            ])
    }

    @Test func `accepting failures does not retry them, resuming plainly does`() {
        let events: [Event] = [
            .waveStarted(canary), .attemptStarted(canaryAttempt),
            .attemptFinished(canaryAttempt, failed(.terminal)),
            .runHalting(.canaryFailed("edge-01", reason: "no")), .runHalted,
        ]
        func resumed(_ failures: FailureTreatment) -> [Directive] {
            var coordinator = Coordinator(plan: plan)
            for event in events + [.runResumed(by: "ada", failures: failures)] {
                coordinator.apply(event, at: start)
            }
            return coordinator.directives(at: start)
        }
        let again = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 2)
        #expect(resumed(.retry).contains(.start(again)))
        #expect(resumed(.accept(reason: "spare")) == [.record(.wavePassed(canary))])
    }
}

extension Directive {
    fileprivate var isStart: Bool { if case .start = self { true } else { false } }
}
