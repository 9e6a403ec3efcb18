public import FleetModel

/// A place that keeps a run's events, in order, for good.
public protocol Journal {
    /// Every event stored so far, oldest first.
    func entries() throws -> [JournalEntry]

    /// Takes one turn as one durable transaction.
    ///
    /// The closure is handed what other processes asked for since the last
    /// turn and answers with the events to store. Asking and storing are one
    /// transaction, so a halt that was recorded before a start is always seen
    /// before it. When this throws, nothing was stored and nothing was taken
    /// from the inbox.
    ///
    /// - Throws: an error when the journal cannot be written, or when another
    ///   coordinator has taken the run over; the caller must then stop.
    mutating func turn(at now: Timestamp, _ decide: ([Control]) throws -> [Event]) throws
}
