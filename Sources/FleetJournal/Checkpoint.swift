public import FleetModel
import Foundation
import GRDB

/// What a coordinator made of the events up to one of them, so that whoever
/// comes next need not read them all.
///
/// The bytes are the caller's, who must be able to tell an old form from the
/// present one: a checkpoint can always be thrown away, the events never.
public struct Checkpoint: Hashable, Sendable {
    /// The last event the bytes account for.
    public let sequence: Int
    public let bytes: [UInt8]

    public init(sequence: Int, bytes: [UInt8]) {
        (self.sequence, self.bytes) = (sequence, bytes)
    }
}

extension JournalDatabase {
    /// Keeps a checkpoint in place of the one before, without waiting for the disk.
    public func save(_ checkpoint: Checkpoint, by lock: RunLock) throws(JournalError) {
        try writeQuickly { database in
            try lock.expectToLead(in: database)
            try database.execute(
                sql: """
                    INSERT INTO checkpoint (run, sequence, bytes) VALUES (?, ?, ?)
                    ON CONFLICT (run)
                    DO UPDATE SET sequence = excluded.sequence, bytes = excluded.bytes
                    """,
                arguments: [lock.number, checkpoint.sequence, Data(checkpoint.bytes)])
        }
    }
}

extension JournalReader {
    /// The latest checkpoint of a run, with the events it doesn't account for.
    ///
    /// Both are of one moment. Where there is no checkpoint, or one of events
    /// that are not there, it is `nil` and the events are all of them.
    public func latest(
        of run: RunID
    ) throws(JournalError) -> (checkpoint: Checkpoint?, entries: [JournalEntry]) {
        try read { database in
            let run = try RunRow.named(run, in: database).number
            let checkpoint = try database.checkpoint(ofRun: run)
            let entries = try database.entries(ofRun: run, after: checkpoint?.sequence ?? 0)
            return (checkpoint, entries)
        }
    }

    /// The latest checkpoint of a run, if there is one.
    public func latestCheckpoint(of run: RunID) throws(JournalError) -> Checkpoint? {
        try read { try $0.checkpoint(ofRun: try RunRow.named(run, in: $0).number) }
    }
}

extension Database {
    fileprivate func checkpoint(ofRun run: Int64) throws -> Checkpoint? {
        let sql = "SELECT sequence, bytes FROM checkpoint WHERE run = ?"
        guard let row = try Row.fetchOne(self, sql: sql, arguments: [run]) else { return nil }
        let bytes: Data = row[1]
        let checkpoint = Checkpoint(sequence: row[0], bytes: Array(bytes))
        return checkpoint.sequence <= (try lastSequence(ofRun: run)) ? checkpoint : nil
    }
}
