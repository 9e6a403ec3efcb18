public import FleetModel
import Foundation
import GRDB

/// What can be read from a journal. Nothing here writes, or holds up who does.
///
/// Each call sees one moment: everything a coordinator committed before it and
/// nothing of what it is about to commit.
public struct JournalReader: Sendable {
    public let path: String
    let queue: DatabaseQueue

    func read<Value>(_ look: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try queue.read(look) } catch { throw JournalError(error, at: path) }
    }
}

// MARK: - Events

extension JournalReader {
    /// A run's events, oldest first, after the last one that is already known;
    /// zero asks for all.
    public func entries(
        of run: RunID, after sequence: Int = 0
    ) throws(JournalError) -> [JournalEntry] {
        try read { database in
            let run = try RunRow.named(run, in: database)
            return try database.entries(ofRun: run.number, after: sequence)
        }
    }

    /// The number of the run's latest event; zero when nothing has happened yet.
    public func lastSequence(of run: RunID) throws(JournalError) -> Int {
        try read { database in
            try database.lastSequence(ofRun: try RunRow.named(run, in: database).number)
        }
    }
}

extension Database {
    func entries(ofRun run: Int64, after sequence: Int) throws -> [JournalEntry] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(JournalEntry.columns) FROM event
                WHERE run = ? AND sequence > ? ORDER BY sequence
                """)
        var entries: [JournalEntry] = []
        entries.reserveCapacity(max(0, try lastSequence(ofRun: run) - sequence))
        let rows = try Row.fetchCursor(statement, arguments: [run, sequence])
        while let row = try rows.next() { entries.append(try JournalEntry(row)) }
        return entries
    }

    func lastSequence(ofRun run: Int64) throws -> Int {
        let statement = try cachedStatement(sql: "SELECT max(sequence) FROM event WHERE run = ?")
        return try Int.fetchOne(statement, arguments: [run]) ?? 0
    }
}
