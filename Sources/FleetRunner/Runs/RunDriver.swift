public import FleetCoordinator
public import FleetModel
import Synchronization

/// Drives a run: asks the engine, performs its directives, tells it what came
/// of them, until nothing more can happen.
///
/// ```
///   attempts ──outcomes──▶ mailbox ──▶ engine.receive ──directives──▶ attempts
///   inbox, clock ─────────────┘              │
///                                            └──▶ watch (views)
/// ```
public struct RunDriver<J: Journal> {
    private var engine: Engine<J>
    private let clock: RunClock
    private let mailbox: Mailbox
    private let hasControls: @Sendable () -> Bool
    private let perform: Performer
    private let watch: Watcher
    private let identities: Identities

    private var signals: [Attempt: AttemptSignals] = [:]
    private var nextWake: Timestamp?
    private var isAwaitingApproval = false
    private var hasBegun = false

    /// Takes an attempt to its end.
    public typealias Performer =
        @Sendable (Attempt, AttemptSignals, Testimony) async -> Outcome

    /// Told after every turn, and several times a second while nothing happens,
    /// what was written since and how the run stands.
    public typealias Watcher = @Sendable ([JournalEntry], Coordinator) -> Void

    /// `hasControls` tells whether another process has asked for something; it is
    /// called several times a second, so it must be cheap.
    public init(
        engine: Engine<J>, clock: RunClock, hasControls: @escaping @Sendable () -> Bool,
        perform: @escaping Performer,
        watch: @escaping Watcher
    ) {
        self.engine = engine
        self.clock = clock
        self.hasControls = hasControls
        self.perform = perform
        self.watch = watch
        mailbox = Mailbox()
        identities = Identities(engine.coordinator)
    }

    /// How a run came to rest.
    public enum Ending: Hashable, Sendable {
        case completed(withExceptions: Bool)
        case halted(Halt)
        case aborted(by: String, reason: String)
        case awaitingApproval(WavePosition)
    }

    /// - Throws: the journal's error. Nothing has been started that it does not hold.
    public func run() async throws -> Ending {
        var driver = self
        // Discarding: a group that keeps results keeps every attempt of the run.
        return try await withThrowingDiscardingTaskGroup { group in
            defer {
                group.cancelAll()
                mailbox.close()
            }
            group.addTask { [clock, mailbox] in await poll(clock, mailbox) }
            watch(engine.news, engine.coordinator)
            try driver.turn([], &group)
            while true {
                if let ending = driver.ending() { return ending }
                try driver.turn(await mailbox.take(), &group)
            }
        }
    }
}

// MARK: - Turns

extension RunDriver {
    private mutating func turn(
        _ letters: [Mailbox.Letter], _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) throws {
        let now = clock.now()
        let events = news(in: letters)
        let isDue = nextWake.map { now >= $0 } ?? false
        guard !events.isEmpty || isDue || !hasBegun || hasControls() else {
            for letter in letters { letter.delivered?() }
            return watch([], engine.coordinator)
        }
        hasBegun = true
        let directives = try engine.receive(events, at: now)
        for letter in letters { letter.delivered?() }
        forget(events)
        perform(directives, &group)
        watch(engine.news, engine.coordinator)
    }

    /// Several attempts may meet a management cluster first; the journal says so once.
    private func news(in letters: [Mailbox.Letter]) -> [Event] {
        var met: Set<ClusterName> = []
        return letters.compactMap(\.event).filter { event in
            guard case .identityPinned(let cluster, _) = event else { return true }
            return engine.coordinator.pinnedIdentity(of: cluster) == nil
                && met.insert(cluster).inserted
        }
    }

    private mutating func forget(_ events: [Event]) {
        for case .attemptFinished(let attempt, _) in events { signals[attempt] = nil }
    }

    private mutating func perform(
        _ directives: [Directive], _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        (nextWake, isAwaitingApproval) = (nil, false)
        for directive in directives {
            switch directive {
            case .record: preconditionFailure("The engine records; the driver does not.")
            case .start(let attempt): start(attempt, &group)
            case .stop(let attempt, let reason): signals[attempt]?.stop(reason)
            case .drain(let attempt): signals[attempt]?.drain(drainReason)
            case .wake(let time): nextWake = min(nextWake ?? time, time)
            case .awaitApproval: isAwaitingApproval = true
            }
        }
    }

    /// While a run goes on, only a window that has closed has anybody drained.
    private var drainReason: AttemptSignals.DrainReason {
        engine.coordinator.motion == .going ? .windowClosed : .halting
    }

    private mutating func start(
        _ attempt: Attempt, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        let signals = AttemptSignals()
        self.signals[attempt] = signals
        let (perform, mailbox) = (perform, mailbox)
        let testimony = Testimony(
            pin: pinning(for: attempt), waive: { mailbox.post(.findingWaived(attempt, $0)) })
        group.addTask {
            let outcome = await stoppable(signals) { await perform(attempt, signals, testimony) }
            mailbox.post(.attemptFinished(attempt, outcome))
        }
    }

    private func pinning(for attempt: Attempt) -> Pinning {
        let coordinator = engine.coordinator
        // Only what this attempt may ask for: holding on to the coordinator
        // would make its next change copy it.
        let names = [attempt.cluster, coordinator.management(of: attempt.cluster)]
        let pairs = names.compactMap { name in
            name.flatMap { name in coordinator.pinnedIdentity(of: name).map { (name, $0) } }
        }
        let known = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        let (mailbox, identities) = (mailbox, identities)
        return { cluster, uid in
            if let pinned = known[cluster] { return .known(uid: pinned) }
            let recognition = identities.meet(cluster, as: uid)
            guard case .known(let held) = recognition else { return recognition }
            await withCheckedContinuation { continuation in
                mailbox.post(.identityPinned(cluster, uid: held)) { continuation.resume() }
            }
            return recognition
        }
    }

    private func ending() -> Ending? {
        guard signals.isEmpty else { return nil }
        let coordinator = engine.coordinator
        switch (coordinator.stage, coordinator.motion) {
        case (.completed(let withExceptions), _): return .completed(withExceptions: withExceptions)
        case (_, .halted(let halt)): return .halted(halt)
        case (_, .aborted(let by, let reason)): return .aborted(by: by, reason: reason)
        case (.ready(let position?), .going) where isAwaitingApproval:
            return .awaitingApproval(position)
        default: return nil
        }
    }
}

/// Runs an attempt so that a stop signal cancels it.
private func stoppable(
    _ signals: AttemptSignals, _ perform: @escaping @Sendable () async -> Outcome
) async -> Outcome {
    await withTaskGroup(of: Outcome?.self) { group in
        group.addTask { await perform() }
        group.addTask {
            await signals.untilStopped()
            return nil
        }
        var outcome: Outcome = .lost
        if let first = await group.next() {
            group.cancelAll()
            let second = await group.next() ?? nil
            outcome = first ?? second ?? .lost
        }
        return outcome
    }
}

/// Wakes the run a few times a second, to look at the clock and the inbox.
private func poll(_ clock: RunClock, _ mailbox: Mailbox) async {
    while !Task.isCancelled {
        await clock.sleep(pollInterval)
        mailbox.post()
    }
}

/// A halt from another terminal must take effect within a second.
private let pollInterval = Duration.milliseconds(100)
