public import FleetCoordinator
public import FleetModel

/// A journal that keeps everything in memory, for simulations and tests.
public struct InMemoryJournal: Journal, Sendable {
    public private(set) var stored: [JournalEntry]
    /// What was sent and no turn has taken up yet, oldest first.
    public private(set) var inbox: [Control] = []

    public init(_ stored: [JournalEntry] = []) { self.stored = stored }

    public func entries() -> [JournalEntry] { stored }

    public mutating func turn(
        at now: Timestamp, _ decide: ([Control]) throws -> [Event]
    ) rethrows {
        let events = try decide(inbox)
        for event in events {
            stored.append(JournalEntry(sequence: stored.count + 1, time: now, event: event))
        }
        inbox = []
    }

    /// What another process would leave in the inbox.
    public mutating func send(_ control: Control) { inbox.append(control) }
}
