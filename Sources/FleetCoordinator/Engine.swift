public import FleetModel

/// Feeds facts to the coordinator and hands back what the world must do.
///
/// The engine owns one rule: **an event is in the journal before anything acts
/// on it.** Production and the simulator run this same code; only the journal
/// and whoever performs the directives differ.
///
/// After any of its methods has thrown, memory and journal may differ and the
/// engine must not be used again: open the run anew.
public struct Engine<J: Journal> {
    public private(set) var coordinator: Coordinator
    public private(set) var journal: J
    /// What the latest turn wrote.
    public private(set) var news: [JournalEntry] = []
    private var sequence: Int

    /// Who leads the run from now on.
    public struct Lead: Hashable, Sendable {
        public let epoch: Int
        public let host: String
        public let pid: Int
        public let operatorName: String
        /// Why the run is begun, where the operator says so.
        public let reason: String?

        public init(
            epoch: Int, host: String, pid: Int, operatorName: String, reason: String? = nil
        ) {
            self.epoch = epoch
            self.host = host
            self.pid = pid
            self.operatorName = operatorName
            self.reason = reason
        }
    }

    /// Opens a run: replays its journal, then writes off the attempts that an
    /// earlier process left in flight.
    public init(
        plan: Plan, times: WindowTimes = .none, journal: J, lead: Lead, at now: Timestamp
    ) throws {
        self.journal = journal
        let entries = try journal.entries()
        sequence = entries.count
        coordinator = Coordinator(plan: plan, times: times, replaying: entries)
        var opening: [Event] = []
        if coordinator.startedAt == nil {
            opening.append(.runStarted(by: lead.operatorName, reason: lead.reason))
        }
        opening.append(.coordinatorStarted(epoch: lead.epoch, host: lead.host, pid: lead.pid))
        opening += coordinator.attemptsInFlight.map { .attemptFinished($0, .lost) }
        _ = try receive(opening, at: now, deciding: false)
    }

    /// Takes in what happened, if anything did, and returns what to do next.
    ///
    /// What happened, what follows from it and every attempt that is about to
    /// start are one transaction.
    public mutating func receive(
        _ happened: [Event] = [], at now: Timestamp
    ) throws -> [Directive] {
        try receive(happened, at: now, deciding: true)
    }

    /// Journals facts without asking what follows from them.
    public mutating func record(_ events: [Event], at now: Timestamp) throws {
        _ = try receive(events, at: now, deciding: false)
    }

    private mutating func receive(
        _ happened: [Event], at now: Timestamp, deciding: Bool
    ) throws -> [Directive] {
        var directives: [Directive] = []
        var events: [Event] = []
        var journal = self.journal
        defer { self.journal = journal }
        try journal.turn(at: now) { controls in
            var turn = Turn(at: now)
            for event in happened { turn.record(event, in: &coordinator) }
            for control in controls { turn.obey(control, in: &coordinator) }
            if deciding { directives = turn.decide(&coordinator) }
            events = turn.events
            return events
        }
        note(events, at: now)
        return directives
    }

    private mutating func note(_ events: [Event], at now: Timestamp) {
        news = events.enumerated().map { offset, event in
            JournalEntry(sequence: sequence + offset + 1, time: now, event: event)
        }
        sequence += events.count
    }
}

/// The events of one turn, applied as they are made.
private struct Turn {
    let now: Timestamp
    private(set) var events: [Event] = []

    init(at now: Timestamp) { self.now = now }

    mutating func record(_ event: Event, in coordinator: inout Coordinator) {
        events.append(event)
        coordinator.apply(event, at: now)
    }

    mutating func obey(_ control: Control, in coordinator: inout Coordinator) {
        guard let event = coordinator.answer(to: control) else { return }
        record(event, in: &coordinator)
    }

    mutating func decide(_ coordinator: inout Coordinator) -> [Directive] {
        for _ in 0..<decisionLimit {
            let directives = coordinator.directives(at: now)
            if case .record(let decision)? = directives.first {
                record(decision, in: &coordinator)
                continue
            }
            for case .start(let attempt) in directives {
                record(.attemptStarted(attempt), in: &coordinator)
            }
            return directives
        }
        preconditionFailure("No rest after \(decisionLimit) decisions in \(coordinator.stage).")
    }
}

/// More decisions in a row than any plan can cause without outside help: each
/// wave is skipped or opened, soaked and passed at most once.
private let decisionLimit = 10_000
