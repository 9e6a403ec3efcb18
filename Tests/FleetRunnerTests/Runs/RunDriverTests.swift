import FleetCoordinator
import FleetModel
import FleetTestKit
import Synchronization
import Testing

@testable import FleetRunner

/// The driver between a real engine and performers that are told what to do.
struct RunDriverTests {
    private let plan = Plan.small(
        steps: [StepOutline("look"), StepOutline("upgrade")],
        waves: [
            Wave("canary", clusters: ["a"], isCanary: true),
            Wave("rest", clusters: ["b", "c"], maxConcurrency: 2),
        ])

    @Test func `a run goes through every wave to its end`() async throws {
        let stage = Stage()
        let ending = try await stage.drive(plan) { attempt, _ in
            .succeeded(changed: attempt.step == 1)
        }
        #expect(ending == .completed(withExceptions: false))
        #expect(stage.begun.count == 6)
        #expect(stage.begun.prefix(2).map(\.cluster) == ["a", "a"])
        #expect(Set(stage.begun.suffix(4).map(\.cluster)) == ["b", "c"])
    }

    @Test func `a failed canary halts, and nobody follows`() async throws {
        let stage = Stage()
        let ending = try await stage.drive(plan) { _, _ in .failed(Failure(.terminal, "broken")) }
        guard case .halted = ending else {
            Issue.record("ended as \(ending)")
            return
        }
        #expect(stage.begun.map(\.cluster) == ["a"])
    }

    @Test func `a halt reaches who is under way, and lets nobody else start`() async throws {
        let stage = Stage()
        let ending = try await stage.drive(plan) { attempt, signals in
            guard attempt.cluster == "b" else { return .succeeded(changed: true) }
            stage.journal.send(.halt(by: "ann", reason: "lunch"))
            while !signals.isDraining { await Task.yield() }
            return .failed(Failure(.interrupted, "the run is halting"))
        }
        guard case .halted = ending else {
            Issue.record("ended as \(ending)")
            return
        }
        let after = stage.begun.drop { $0.cluster != "b" }.dropFirst()
        #expect(after.allSatisfy { $0.cluster == "c" && $0.step == 0 })
    }

    @Test func `a window that closes reaches who is under way, and is no halt`() async throws {
        let stage = Stage()
        let everyDay = WindowRule(
            .allow, .weekly(Weekday.allCases, from: .midnight, to: .midnight), zone: "UTC")
        let windows = Windows([everyDay], overrun: .drainToSafePoint, margin: .zero)
        let opened = Timestamp(milliseconds: 0)
        let times = WindowTimes([OpenHours([opened..<opened + .minutes(30)])])
        let windowed = Plan(
            takeover: plan.takeover, policy: plan.policy, phases: plan.phases,
            clusters: plan.clusters, windows: windows)
        _ = try await stage.drive(windowed, times: times) { _, signals in
            stage.pass(.minutes(40))
            while !signals.isDraining { await Task.yield() }
            #expect(signals.drainReason == .windowClosed)
            stage.journal.send(.abort(by: "ann", reason: "enough"))
            return .failed(Failure(.interrupted, "its window has closed"))
        }
        #expect(stage.begun.count == 1)
    }

    @Test func `an abort stops who would never end, and their outcome is unknown`() async throws {
        let stage = Stage()
        let ending = try await stage.drive(plan) { _, signals in
            stage.journal.send(.abort(by: "ann", reason: "fire"))
            while !Task.isCancelled { await Task.yield() }
            #expect(signals.stopReason == .aborted)
            return .lost
        }
        #expect(ending == .aborted(by: "ann", reason: "fire"))
        #expect(stage.outcomes == [.lost])
    }

    @Test func `a wave that needs approval ends the driving, and begins once it has it`()
        async throws
    {
        var gated = plan.phases[0].waves
        gated[1].needsApproval = true
        let plan = Plan.small(waves: gated)
        let stage = Stage()
        let position = WavePosition(phase: 0, wave: 1)
        #expect(
            try await stage.drive(plan) { _, _ in .succeeded(changed: true) }
                == .awaitingApproval(position))
        #expect(stage.begun.map(\.cluster) == ["a"])
        stage.journal.send(.approve(position, by: "ann"))
        #expect(
            try await stage.drive(plan) { _, _ in .succeeded(changed: true) }
                == .completed(withExceptions: false))
    }

    @Test func `what was in flight when the process died is taken up by the next`() async throws {
        let stage = Stage()
        await #expect(throws: Stage.Full.self) {
            try await stage.drive(plan) { _, _ in
                stage.journal.fill()
                return .succeeded(changed: true)
            }
        }
        #expect(stage.begun.map(\.cluster) == ["a"], "nothing starts that isn't in the journal")
        stage.journal.empty()
        let ending = try await stage.drive(plan) { _, _ in .succeeded(changed: false) }
        #expect(ending == .completed(withExceptions: false))
        #expect(stage.outcomes.filter { $0 == .lost }.count == 1)
    }

    @Test func `an identity is in the journal before the attempt that asked goes on`() async throws
    {
        let stage = Stage()
        let known = Mutex<[String]>([])
        _ = try await stage.drive(
            plan,
            pinning: { cluster, pin, journal in
                let uid = "uid-of-\(cluster)"
                let isKnown = await pin(cluster, uid) == .known(uid: uid)
                let isJournaled = journal.events.contains(.identityPinned(cluster, uid: uid))
                known.withLock { $0.append(isKnown && isJournaled ? uid : "not journaled") }
            }
        ) { _, _ in .succeeded(changed: true) }
        let wanted = ["a", "a", "b", "b", "c", "c"].map { "uid-of-\($0)" }
        #expect(known.withLock(\.self).sorted() == wanted)
    }

    @Test func `what is waived is in the journal in front of the attempt's outcome`() async throws {
        let stage = Stage()
        let finding = WaivedFinding("P07", "it is down", because: "CHG-7")
        _ = try await stage.drive(plan, waiving: finding) { _, _ in .succeeded(changed: false) }
        let attempt = try #require(stage.begun.first)
        let events = stage.journal.events
        let place = try #require(events.firstIndex(of: .findingWaived(attempt, finding)))
        let end = Event.attemptFinished(attempt, .succeeded(changed: false))
        #expect(try place < #require(events.firstIndex(of: end)))
    }

    @Test func `two names for one cluster are told, and the first keeps it`() async throws {
        let stage = Stage()
        let answers = Mutex<[ClusterName: Recognition]>([:])
        _ = try await stage.drive(
            plan,
            pinning: { cluster, pin, _ in
                let answer = await pin(cluster, cluster == "c" ? "uid-c" : "uid-of-two")
                answers.withLock { $0[cluster] = answer }
            }
        ) { _, _ in .succeeded(changed: true) }
        let (found, pinned) = (
            answers.withLock(\.self),
            stage.journal.events.compactMap { event in
                if case .identityPinned(let cluster, _) = event { cluster } else { nil }
            }
        )
        #expect(found["a"] == .known(uid: "uid-of-two"))
        #expect(found["b"] == .taken(by: "a"))
        #expect(found["c"] == .known(uid: "uid-c"))
        #expect(pinned == ["a", "c"])
    }
}

/// A journal that outlives its drivers, and what performers were asked.
private final class Stage: Sendable {
    struct Full: Error {}

    /// One journal for all who lead the run in turn.
    final class SharedJournal: Journal, Sendable {
        private struct State {
            var journal = InMemoryJournal()
            var isFull = false
        }

        private let state = Mutex(State())

        var events: [Event] { state.withLock { $0.journal.stored.map(\.event) } }
        var hasControls: Bool { state.withLock { !$0.journal.inbox.isEmpty } }

        func entries() -> [JournalEntry] { state.withLock(\.journal.stored) }

        func turn(at now: Timestamp, _ decide: ([Control]) throws -> [Event]) throws {
            try state.withLock { state in
                guard !state.isFull else { throw Full() }
                try state.journal.turn(at: now, decide)
            }
        }

        func send(_ control: Control) { state.withLock { $0.journal.send(control) } }
        func fill() { state.withLock { $0.isFull = true } }
        func empty() { state.withLock { $0.isFull = false } }
    }

    typealias Perform = @Sendable (Attempt, AttemptSignals) async -> Outcome
    typealias PinCheck =
        @Sendable (ClusterName, Pinning, SharedJournal) async -> Void

    let journal = SharedJournal()
    private let attempts = Mutex<[Attempt]>([])
    private let time = Mutex(Timestamp(milliseconds: 0))

    var begun: [Attempt] { attempts.withLock(\.self) }

    var outcomes: [Outcome] {
        journal.events.compactMap {
            if case .attemptFinished(_, let outcome) = $0 { outcome } else { nil }
        }
    }

    func pass(_ length: Duration) { time.withLock { $0 = $0 + length } }

    func drive(
        _ plan: Plan, times: WindowTimes = .none, pinning: @escaping PinCheck = { _, _, _ in },
        waiving finding: WaivedFinding? = nil,
        perform: @escaping Perform
    ) async throws -> RunDriver<SharedJournal>.Ending {
        let clock = RunClock(
            now: { [self] in time.withLock(\.self) },
            sleep: { _ in try? await ContinuousClock().sleep(for: .milliseconds(1)) })
        let lead = Engine<SharedJournal>.Lead(epoch: 1, host: "h", pid: 1, operatorName: "ann")
        let engine = try Engine(
            plan: plan, times: times, journal: journal, lead: lead, at: clock.now())
        let driver = RunDriver(
            engine: engine, clock: clock, hasControls: { [journal] in journal.hasControls },
            perform: { [self] attempt, signals, testimony in
                attempts.withLock { $0.append(attempt) }
                await pinning(attempt.cluster, testimony.pin, journal)
                if let finding { testimony.waive(finding) }
                return await perform(attempt, signals)
            }, watch: { _, _ in })
        return try await driver.run()
    }
}
