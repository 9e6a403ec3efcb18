import FleetCoordinator
import FleetModel
import FleetTestKit
import Testing

/// Maintenance windows: who may begin, who goes on, and what is said meanwhile. The times are in
/// minutes.
struct WindowTests {
    private let rest = WavePosition(phase: 0, wave: 0)

    private func plan(
        overrun: Windows.Overrun = .finish, deadline: Int = 60, rules: [WindowRule]? = nil,
        steps: [StepOutline] = [StepOutline("one"), StepOutline("two")], concurrency: Int = 2
    ) -> Plan {
        let names: [ClusterName] = ["edge-01", "edge-02", "edge-03", "edge-04"]
        let wave = Wave(
            "rest", clusters: names, maxConcurrency: concurrency, maxFailures: 1,
            progressDeadline: .minutes(deadline))
        return Plan(
            takeover: Takeover(name: "t", runbook: "r", revision: "1-25", version: "1.25.2"),
            policy: "p", phases: [Phase("takeover", steps: steps, waves: [wave])],
            clusters: names.map {
                Cluster($0, labels: ["tier": $0 == "edge-01" ? "gold" : "iron"])
            },
            windows: Windows(rules ?? [nightly], overrun: overrun, margin: .minutes(10)))
    }

    private let nightly = WindowRule(
        .allow, .weekly(Weekday.allCases, from: .midnight, to: .midnight), zone: "UTC")

    /// A run in minutes: what happened when, under rules that hold between such minutes.
    private func coordinator(
        _ plan: Plan, open: [Range<Int>]..., after events: (Int, Event)...
    ) -> Coordinator {
        let times = open.map { spans in
            OpenHours(spans.map { minute($0.lowerBound)..<minute($0.upperBound) })
        }
        let entries = ([(0, Event.waveStarted(rest))] + events).enumerated().map { index, event in
            JournalEntry(sequence: index + 1, time: minute(event.0), event: event.1)
        }
        return Coordinator(plan: plan, times: WindowTimes(times), replaying: entries)
    }

    private func minute(_ number: Int) -> Timestamp {
        Timestamp(milliseconds: 0) + .minutes(number)
    }

    private func attempt(_ cluster: ClusterName, step: Int = 0, number: Int = 1) -> Attempt {
        Attempt(cluster: cluster, phase: 0, step: step, number: number)
    }

    private func starts(_ coordinator: Coordinator, at time: Int) -> [ClusterName] {
        coordinator.directives(at: minute(time)).compactMap {
            if case .start(let attempt) = $0 { attempt.cluster } else { nil }
        }
    }

    // MARK: - Beginning

    @Test func `a cluster begins where its window stays open for as long as it may need`() {
        let run = coordinator(plan(), open: [100..<200])
        #expect(run.directives(at: minute(0)) == [.wake(at: minute(100))])
        #expect(starts(run, at: 100) == ["edge-01", "edge-02"])
        #expect(starts(run, at: 130) == ["edge-01", "edge-02"])
        #expect(starts(run, at: 131).isEmpty)
    }

    @Test func `a cluster that may not yet begin lets others by`() {
        var gold = nightly
        gold.clusters = Selector(matchLabels: ["tier": "gold"])
        let run = coordinator(plan(rules: [gold]), open: [100..<200])
        #expect(starts(run, at: 0) == ["edge-02", "edge-03"])
        #expect(starts(run, at: 100) == ["edge-01", "edge-02"])
    }

    @Test func `what is denied stays so, whatever allows it`() {
        var freeze = nightly
        freeze.effect = .deny
        let run = coordinator(plan(rules: [nightly, freeze]), open: [0..<500], [90..<300])
        #expect(starts(run, at: 20) == ["edge-01", "edge-02"])
        #expect(starts(run, at: 21).isEmpty)
        #expect(starts(run, at: 299).isEmpty)
        #expect(starts(run, at: 300) == ["edge-01", "edge-02"])
    }

    @Test func `other phases know nothing of a window`() {
        var later = nightly
        later.phases = ["retire"]
        #expect(starts(coordinator(plan(rules: [later]), open: []), at: 0).count == 2)
    }

    @Test func `three clusters show how long one takes`() {
        let through = { (name: ClusterName, begin: Int, end: Int) -> [(Int, Event)] in
            [
                (begin, .attemptStarted(attempt(name))),
                (end, .attemptFinished(attempt(name), .succeeded(changed: true))),
            ]
        }
        let plan = plan(steps: [StepOutline("one")])
        let events = through("edge-01", 0, 8) + through("edge-02", 0, 9) + through("edge-03", 9, 14)
        let times = WindowTimes([OpenHours([minute(0)..<minute(100)])])
        var run = Coordinator(plan: plan, times: times)
        run.apply(.waveStarted(rest), at: minute(0))
        for (time, event) in events { run.apply(event, at: minute(time)) }
        // The longest took nine minutes, and ten are the margin.
        #expect(starts(run, at: 81) == ["edge-04"])
        #expect(starts(run, at: 82).isEmpty)
    }

    // MARK: - Going on

    @Test func `who has begun goes on after the end`() {
        let run = coordinator(
            plan(concurrency: 1), open: [0..<100], after: (20, .attemptStarted(attempt("edge-01"))),
            (110, .attemptFinished(attempt("edge-01"), .succeeded(changed: true))))
        #expect(starts(run, at: 110) == ["edge-01"])
    }

    @Test func `who drains stops at a safe point, and goes on in the next window`() {
        let run = coordinator(
            plan(overrun: .drainToSafePoint, concurrency: 1), open: [0..<100, 500..<600],
            after: (20, .attemptStarted(attempt("edge-01"))))
        let drain = Directive.drain(attempt("edge-01"))
        #expect(!run.directives(at: minute(30)).contains(drain))
        #expect(run.directives(at: minute(70)).contains(.wake(at: minute(80))))
        var drained = run
        drained.apply(
            .attemptFinished(attempt("edge-01"), .failed(Failure(.interrupted, "closed"))),
            at: minute(101))
        #expect(starts(drained, at: 101).isEmpty)
        #expect(drained.directives(at: minute(101)) == [.wake(at: minute(500))])
        #expect(starts(drained, at: 500) == ["edge-01"])
    }

    @Test func `a step under way is told to stop once its window has closed`() {
        let run = coordinator(
            plan(overrun: .drainToSafePoint, deadline: 300, concurrency: 1), open: [0..<100],
            after: (20, .attemptStarted(attempt("edge-01"))))
        #expect(run.directives(at: minute(50)).contains(.wake(at: minute(100))))
        #expect(run.directives(at: minute(100)).contains(.drain(attempt("edge-01"))))
    }

    @Test func `in the middle of a change nobody is held`() {
        let steps = [StepOutline("one", endsAtSafePoint: false), StepOutline("two")]
        let run = coordinator(
            plan(overrun: .drainToSafePoint, steps: steps, concurrency: 1), open: [0..<100],
            after: (20, .attemptStarted(attempt("edge-01"))),
            (110, .attemptFinished(attempt("edge-01"), .succeeded(changed: true))))
        #expect(starts(run, at: 110) == ["edge-01"])
    }

    @Test func `no deadline counts the time out of window`() {
        let run = coordinator(
            plan(overrun: .drainToSafePoint, concurrency: 1), open: [0..<100, 500..<600],
            after: (80, .attemptStarted(attempt("edge-01"))),
            (110, .attemptFinished(attempt("edge-01"), .succeeded(changed: true))),
            (500, .attemptStarted(attempt("edge-01", step: 1))))
        let stop = Directive.stop(
            attempt("edge-01", step: 1), .progressDeadline(.minutes(60)))
        // Thirty minutes were used before the window closed and it came to a safe point.
        #expect(!run.directives(at: minute(529)).contains(stop))
        #expect(run.directives(at: minute(530)).contains(stop))
    }

    @Test func `who comes after a dead coordinator asks the windows again`() {
        let events: [(Int, Event)] = [
            (20, .attemptStarted(attempt("edge-01"))),
            (90, .coordinatorStarted(epoch: 2, host: "h", pid: 1)),
            (90, .attemptFinished(attempt("edge-01"), .lost)),
        ]
        var run = coordinator(plan(concurrency: 1), open: [0..<100, 500..<600])
        for (time, event) in events { run.apply(event, at: minute(time)) }
        #expect(starts(run, at: 95) == ["edge-01"])
        #expect(starts(run, at: 100).isEmpty)
        #expect(starts(run, at: 500) == ["edge-01"])
    }

    // MARK: - Waiving

    @Test func `an operator who says why lets a wave begin outside its windows`() {
        var run = coordinator(plan(), open: [])
        #expect(starts(run, at: 0).isEmpty)
        #expect(run.waveAtHand == rest)
        run.apply(.windowsWaived(rest, by: "ann", reason: "urgent"), at: minute(1))
        #expect(starts(run, at: 1) == ["edge-01", "edge-02"])
    }

    // MARK: - Words

    @Test func `why and status tell for how long a window is closed, and by which rule`() {
        let run = coordinator(plan(), open: [100..<200])
        let words = "Its window opens in 1h 30m: allow daily 00:00-00:00 UTC."
        #expect(run.reasons(for: "edge-03", at: minute(10)).contains(words))
        let snapshot = run.snapshot(of: "7F3K", at: minute(10))
        #expect(snapshot.waves[0].opensAt == minute(100))
        #expect(snapshot.next == "Wave rest goes on when a window opens, in 1h 30m.")
        let open = run.snapshot(of: "7F3K", at: minute(100))
        #expect(open.waves[0].opensAt == nil)
    }

    @Test func `a window that never opens is told as that`() {
        let run = coordinator(plan(), open: [])
        #expect(
            run.snapshot(of: "7F3K", at: minute(0)).next
                == "No window of wave rest opens any more.")
        #expect(run.directives(at: minute(0)).isEmpty)
    }

    @Test func `a cluster held at a safe point says that it waits for its window`() {
        let run = coordinator(
            plan(overrun: .drainToSafePoint, concurrency: 1), open: [0..<100, 500..<600],
            after: (80, .attemptStarted(attempt("edge-01"))),
            (110, .attemptFinished(attempt("edge-01"), .succeeded(changed: true))))
        let cluster = run.snapshot(of: "7F3K", at: minute(110)).clusters.first
        #expect(cluster?.state == .waiting)
        #expect(cluster?.words == "waits for its window, which opens in 6h 30m")
    }
}
