import FleetCoordinator
import FleetModel
import Synchronization

/// What a run's turns cost, apart from what the journal does.
final class TurnLog: Sendable {
    private struct State {
        var decisions = Samples()
        var batches: [Int] = []
    }

    private let state = Mutex(State())

    /// The time the engine thought in each turn.
    var decisions: Samples { state.withLock(\.decisions) }
    /// How many events each turn that had any wrote.
    var batches: [Int] { state.withLock(\.batches) }

    func note(_ decision: Duration, events: Int) {
        state.withLock { state in
            state.decisions.append(decision)
            if events > 0 { state.batches.append(events) }
        }
    }
}

/// A journal that notes how long the engine thinks while a turn is open.
struct TimedJournal<Base: Journal>: Journal {
    private var base: Base
    private let log: TurnLog

    init(_ base: Base, log: TurnLog) { (self.base, self.log) = (base, log) }

    func entries() throws -> [JournalEntry] { try base.entries() }

    mutating func turn(
        at now: Timestamp, _ decide: ([Control]) throws -> [Event]
    ) throws {
        try base.turn(at: now) { controls in
            let start = ContinuousClock.now
            let events = try decide(controls)
            log.note(.now - start, events: events.count)
            return events
        }
    }
}
