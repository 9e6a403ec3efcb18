public import FleetModel
import GRDB

/// The latest words about a cluster, for people who watch. Nothing is decided by them.
public struct ProgressNote: Hashable, Sendable {
    public let cluster: ClusterName
    public let text: String
    public let time: Timestamp

    public init(_ cluster: ClusterName, _ text: String, at time: Timestamp) {
        (self.cluster, self.text, self.time) = (cluster, text, time)
    }
}

extension JournalDatabase {
    /// Replaces the latest words about each of the clusters.
    ///
    /// They are not part of the run's history and may be lost in a power cut,
    /// so this doesn't wait for the disk. A coordinator that was superseded is
    /// no longer listened to.
    public func note(_ notes: [ProgressNote], by lock: RunLock) throws(JournalError) {
        guard !notes.isEmpty else { return }
        try writeQuickly { database in
            try lock.expectToLead(in: database)
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO note (run, cluster, time, text) VALUES (?, ?, ?, ?)
                    ON CONFLICT (run, cluster)
                    DO UPDATE SET time = excluded.time, text = excluded.text
                    """)
            for note in notes {
                let text = String(note.text.prefix(longestNote).filter { $0 != "\0" })
                try statement.execute(
                    arguments: [lock.number, note.cluster.rawValue, note.time.milliseconds, text])
            }
        }
    }
}

extension JournalReader {
    /// The latest words about each cluster, by the cluster's name.
    public func notes(of run: RunID) throws(JournalError) -> [ProgressNote] {
        try read { database in
            let run = try RunRow.named(run, in: database)
            let sql = "SELECT cluster, text, time FROM note WHERE run = ? ORDER BY cluster"
            return try Row.fetchAll(database, sql: sql, arguments: [run.number]).map { row in
                ProgressNote(
                    ClusterName(row[0]), row[1], at: Timestamp(milliseconds: row[2]))
            }
        }
    }
}

/// In characters: two lines of a wide terminal. The rest is in the command's output.
private let longestNote = 400
