public import FleetCoordinator
public import FleetModel
import GRDB

/// The journal of one run, for the coordinator that leads it.
public struct RunJournal: Journal, Sendable {
    private let database: JournalDatabase
    private let lock: RunLock
    private var lastHeard: Timestamp?

    public init(_ database: JournalDatabase, lock: RunLock) {
        (self.database, self.lock) = (database, lock)
    }

    public func entries() throws -> [JournalEntry] {
        try database.reader.entries(of: lock.run)
    }

    /// The events after one already known, oldest first.
    public func entries(after sequence: Int) throws -> [JournalEntry] {
        try database.reader.entries(of: lock.run, after: sequence)
    }

    /// Takes one turn as one durable transaction, see ``Journal/turn(at:_:)``.
    ///
    /// The closure must not touch the journal in any other way: the
    /// transaction is open while it decides.
    ///
    /// - Throws: ``JournalError/superseded(_:by:)`` when another coordinator
    ///   has taken the run over, another ``JournalError`` when the journal
    ///   can't be written, or what the closure throws.
    public mutating func turn(
        at now: Timestamp, _ decide: ([Control]) throws -> [Event]
    ) throws {
        do {
            let isDue = lastHeard.map { now - $0 >= heartbeatInterval } ?? true
            let hasWritten = try database.queue.write { database in
                try lock.expectToLead(in: database)
                let pending = try database.pendingControls(ofRun: lock.number)
                let events = try decide(pending.map(\.control))
                try database.append(events, toRun: lock.number, at: now)
                try database.forgetBaselines(after: events, by: lock)
                try database.markHandled(pending, at: now)
                guard isDue || !events.isEmpty || !pending.isEmpty else { return false }
                try lock.noteHeard(at: now, in: database)
                return true
            }
            if hasWritten { lastHeard = now }
        } catch let error as DatabaseError {
            throw JournalError(error, at: database.path)
        }
    }
}

extension Database {
    fileprivate func append(_ events: [Event], toRun run: Int64, at now: Timestamp) throws {
        guard !events.isEmpty else { return }
        let places = Array(repeating: "?", count: 11).joined(separator: ", ")
        let statement = try cachedStatement(
            sql: "INSERT INTO event (\(EventRow.columns)) VALUES (\(places))")
        let last = try lastSequence(ofRun: run)
        for (index, event) in events.enumerated() {
            let row = try EventRow(event)
            let sequence = last + 1 + index
            try statement.execute(arguments: row.arguments(run: run, sequence: sequence, at: now))
        }
    }
}
