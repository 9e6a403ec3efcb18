public import FleetCoordinator
public import FleetModel

/// Keeps events in memory, where a simulated crash cannot reach them.
public final class SimulatedJournal: Journal {
    public private(set) var stored: [JournalEntry] = []
    private var inbox: [Control] = []
    /// Makes the next turn fail before anything is stored, as a full disk would.
    public var failsNextTurn = false

    public init() {}

    public func entries() -> [JournalEntry] { stored }

    /// Leaves a wish for the coordinator, as another process would.
    public func send(_ control: Control) { inbox.append(control) }

    public func turn(at now: Timestamp, _ decide: ([Control]) throws -> [Event]) throws {
        let events = try decide(inbox)
        if failsNextTurn {
            failsNextTurn = false
            throw JournalIsFull()
        }
        inbox = []
        for event in events {
            stored.append(JournalEntry(sequence: stored.count + 1, time: now, event: event))
        }
    }

    public struct JournalIsFull: Error {}
}
