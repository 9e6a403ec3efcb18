public import FleetCoordinator
public import FleetModel

/// Runs the real engine in a world made of one queue, one clock and one seed.
///
/// There are no tasks and no threads here: the simulator takes the earliest
/// thing in the queue, moves the clock to it and lets it happen. The same seed
/// gives the same run, to the millisecond, on every machine.
public struct Simulator {
    public private(set) var now = Timestamp(milliseconds: 0)
    public let journal = SimulatedJournal()

    let plan: Plan
    private let times: WindowTimes
    private var faults: Faults
    private var random: SeededGenerator
    private var engine: Engine<SimulatedJournal>
    private var checker: RunChecker
    private var checked = 0
    private var queue: [(time: Timestamp, order: Int, happening: Happening)] = []
    /// The attempts that this life of the coordinator started; it can stop no others.
    private var underWay: Set<Attempt> = []
    private var scheduled = 0
    private var epoch = 1
    private var happenings = 0

    private enum Happening {
        case finished(Attempt, Outcome)
        case woke
        case approved
        case resumed
    }

    public init(
        plan: Plan, times: WindowTimes = .none, seed: UInt64, faults: Faults
    ) throws {
        (self.plan, self.times) = (plan, times)
        self.faults = faults
        self.random = SeededGenerator(seed: seed)
        self.checker = RunChecker(plan: plan, times: times)
        self.engine = try Engine(
            plan: plan, times: times, journal: journal, lead: Self.lead(1), at: now)
    }

    private static func lead(_ epoch: Int) -> Engine<SimulatedJournal>.Lead {
        .init(epoch: epoch, host: "simulator", pid: epoch, operatorName: "sim")
    }

    /// Plays the run to its end, checking every journal entry on the way.
    ///
    /// The world fails for a while and then stops failing: from there on the
    /// run must end.
    public mutating func play(limit: Int = 20_000) throws -> Coordinator.Stage {
        perform(try engine.receive(at: now))
        try check()
        for _ in 0..<limit {
            if isCompleted { return engine.coordinator.stage }
            guard let next = takeEarliest() else {
                throw PromiseBroken("nothing is left to happen: \(standstill)")
            }
            now = next.time
            try happen(next.happening)
            if !isCompleted, random.chance(faults.coordinatorCrashes) { try crash() }
            try check()
            calmDown()
        }
        throw PromiseBroken("the run did not end within \(limit) happenings")
    }

    private var standstill: String {
        let states = plan.clusters.map { cluster in
            "\(cluster.name) \(engine.coordinator.progress(of: cluster.name)?.state as Any)"
        }
        return "\(engine.coordinator.stage) \(engine.coordinator.motion) at \(now): "
            + states.joined(separator: ", ")
    }

    private var isCompleted: Bool {
        if case .completed = engine.coordinator.stage { true } else { false }
    }

    private mutating func calmDown() {
        happenings += 1
        if happenings == 2_000 { faults = Faults() }
    }

    private mutating func check() throws {
        for entry in journal.stored[checked...] { try checker.see(entry) }
        checked = journal.stored.count
    }
}

// MARK: - The world

extension Simulator {
    private mutating func happen(_ happening: Happening) throws {
        switch happening {
        case .finished(let attempt, let outcome):
            guard engine.coordinator.progress(of: attempt.cluster)?.state == .inFlight(attempt)
            else { return }
            underWay.remove(attempt)
            try receive([.attemptFinished(attempt, outcome)])
        case .woke:
            try receive([])
        case .approved:
            journal.send(.approve(nil, by: "sim"))
            try receive([])
        case .resumed:
            try resume()
        }
        try maybeMeddle()
    }

    /// Delivers facts, or dies with them when the journal is full.
    private mutating func receive(_ events: [Event]) throws {
        if !isCompleted, random.chance(faults.coordinatorCrashes), random.chance(20) {
            journal.failsNextTurn = true
            // The turn stores nothing; the process ends, as it must.
            _ = try? engine.receive(events, at: now)
            return try restart()
        }
        perform(try engine.receive(events, at: now))
    }

    private mutating func resume() throws {
        switch engine.coordinator.motion {
        case .halted, .aborted: break
        case .going, .draining, .aborting: return
        }
        let accepts = random.chance(faults.operatorAccepts)
        try receive([.runResumed(by: "sim", failures: accepts ? .accept(reason: "drawn") : .retry)])
    }

    private mutating func perform(_ directives: [Directive]) {
        for directive in directives {
            switch directive {
            case .record: preconditionFailure("The engine records; the world does not.")
            case .start(let attempt): begin(attempt)
            case .stop(let attempt, let reason): end(attempt, reason)
            case .drain(let attempt): interrupt(attempt)
            case .wake(let time): queue.append((time, nextOrder(), .woke))
            case .awaitApproval: schedule(.approved, within: 1...600_000)
            }
        }
        if engine.coordinator.isAtRest { schedule(.resumed, within: 1...600_000) }
    }

    private mutating func begin(_ attempt: Attempt) {
        underWay.insert(attempt)
        guard let outcome = outcome(of: attempt) else { return }
        schedule(.finished(attempt, outcome), within: 1...60_000)
    }

    /// How the attempt will end, or `nil` when it hangs.
    private mutating func outcome(of attempt: Attempt) -> Outcome? {
        let step = plan.step(of: attempt)
        if random.chance(faults.attemptHangs) { return nil }
        if random.chance(faults.identityDiffers) {
            return .failed(Failure(.identityMismatch, "another UID"))
        }
        if faults.attemptAlarms > 0, random.chance(faults.attemptAlarms) {
            return .failed(Failure(.alarm, "another root"))
        }
        if step.isBaseline && random.chance(faults.baselineIsRed) {
            return .failed(Failure(.blocked, "unwell"))
        }
        if random.chance(faults.clusterIsUnreachable) {
            return .failed(Failure(.unreachable, "no answer"))
        }
        guard random.chance(faults.attemptFails) else {
            return .succeeded(changed: random.chance(80))
        }
        let isTerminal = random.chance(faults.failureIsTerminal)
        return .failed(Failure(isTerminal ? .terminal : .transient, "simulated"))
    }

    private mutating func end(_ attempt: Attempt, _ reason: Directive.StopReason) {
        guard underWay.contains(attempt) else { return }
        let kind: Failure.Kind =
            switch reason {
            case .progressDeadline: .timedOut
            case .drainDeadline, .aborted: .inDoubt
            }
        schedule(.finished(attempt, .failed(Failure(kind, "stopped"))), within: 1...5_000)
    }

    private mutating func interrupt(_ attempt: Attempt) {
        guard underWay.contains(attempt),
            plan.step(of: attempt).interrupt != .finishOrRollBack
        else { return }
        schedule(.finished(attempt, .failed(Failure(.interrupted, "halting"))), within: 1...5_000)
    }

    private mutating func maybeMeddle() throws {
        guard !isCompleted else { return }
        if random.chance(faults.operatorHalts) && random.chance(25) {
            journal.send(.halt(by: "sim", reason: nil))
            try receive([])
        }
        if !isCompleted, let wave = engine.coordinator.waveAtHand,
            random.chance(faults.operatorWaivesWindows)
        {
            journal.send(.waiveWindows(wave, by: "sim", reason: "drawn"))
            try receive([])
        }
        if !isCompleted, random.chance(faults.operatorAborts) && random.chance(25) {
            journal.send(.abort(by: "sim", reason: "drawn"))
            try receive([])
        }
    }

    /// Loses all memory and every answer still on its way, but not the journal.
    private mutating func crash() throws {
        let replayed = Coordinator(plan: plan, times: times, replaying: journal.entries())
        guard replayed == engine.coordinator else {
            throw PromiseBroken("replaying the journal gives a different run")
        }
        try restart()
    }

    private mutating func restart() throws {
        queue.removeAll()
        underWay.removeAll()
        epoch += 1
        engine = try Engine(
            plan: plan, times: times, journal: journal, lead: Self.lead(epoch), at: now)
        perform(try engine.receive(at: now))
    }

    private mutating func schedule(_ happening: Happening, within delay: ClosedRange<Int64>) {
        let delay = Int64.random(in: delay, using: &random)
        queue.append((now + .milliseconds(delay), nextOrder(), happening))
    }

    private mutating func nextOrder() -> Int {
        scheduled += 1
        return scheduled
    }

    private mutating func takeEarliest() -> (time: Timestamp, order: Int, happening: Happening)? {
        let earliest = queue.indices.min {
            (queue[$0].time, queue[$0].order) < (queue[$1].time, queue[$1].order)
        }
        return earliest.map { queue.remove(at: $0) }
    }
}
