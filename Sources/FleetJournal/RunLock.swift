public import FleetModel
import GRDB
import Synchronization

/// The right to lead a run: one process has it at a time, and everybody who
/// had it before is fenced off by the epoch.
///
/// It ends with ``release(at:)``, with the last reference to it, or with the
/// process, however that dies.
public final class RunLock: Sendable {
    public let run: RunID
    /// Higher than that of every coordinator the run had before.
    public let epoch: Int
    let number: Int64
    private let journal: JournalDatabase
    private let held: Mutex<HeldLock?>
    /// The clusters that a baseline is kept of. Nobody but the leader keeps or forgets one, and
    /// in a fleet of thousands hardly any has one at a time: it is not worth a look into the
    /// tables at the end of every step.
    private let remembered: Mutex<Set<ClusterName>>

    fileprivate init(
        _ run: RunRow, epoch: Int, journal: JournalDatabase, held: HeldLock,
        remembered: Set<ClusterName>
    ) {
        (self.run, number, self.epoch) = (run.id, run.number, epoch)
        self.journal = journal
        self.held = Mutex(held)
        self.remembered = Mutex(remembered)
    }

    func noteBaseline(of cluster: ClusterName) { remembered.withLock { _ = $0.insert(cluster) } }

    func mayHaveBaseline(of cluster: ClusterName) -> Bool {
        remembered.withLock { $0.contains(cluster) }
    }

    func noteForgotten(_ cluster: ClusterName) { remembered.withLock { _ = $0.remove(cluster) } }

    /// Gives the run back, so that another host need not wait to take it.
    public func release(at now: Timestamp) throws(JournalError) {
        try journal.write { database in
            try database.execute(
                sql: "UPDATE run SET releasedAt = ? WHERE number = ? AND epoch = ?",
                arguments: [now.milliseconds, number, epoch])
        }
        held.withLock { $0 = nil }
    }

    /// Says that this coordinator is alive although it has nothing to journal.
    ///
    /// To be called every ``heartbeatInterval`` while nothing happens.
    ///
    /// - Throws: ``JournalError/superseded(_:by:)`` when it no longer leads the run.
    public func heartbeat(at now: Timestamp) throws(JournalError) {
        try journal.writeQuickly { database in
            try expectToLead(in: database)
            try noteHeard(at: now, in: database)
        }
    }

    /// Refuses when another coordinator has taken the run over.
    func expectToLead(in database: Database) throws {
        let statement = try database.cachedStatement(sql: "SELECT epoch FROM run WHERE number = ?")
        guard try Int.fetchOne(statement, arguments: [number]) != epoch else { return }
        guard let other = try RunRow.named(run, in: database).coordinator else {
            throw JournalError.heldElsewhere(run, by: nil)
        }
        throw JournalError.superseded(run, by: other)
    }

    func noteHeard(at now: Timestamp, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "UPDATE run SET heardAt = ? WHERE number = ?")
        try statement.execute(arguments: [now.milliseconds, number])
    }
}

extension JournalDatabase {
    /// Takes the lead of a run.
    ///
    /// A coordinator of this host counts as alive exactly as long as its
    /// process lives; one of another host until it gave the run back or was
    /// silent for ``heartbeatLimit``.
    ///
    /// - Throws: ``JournalError/heldElsewhere(_:by:)`` when somebody else leads it.
    public func acquire(
        _ run: RunID, host: String, pid: Int, at now: Timestamp
    ) throws(JournalError) -> RunLock {
        let row = try reader.read { try RunRow.named(run, in: $0) }
        guard let held = try LockFile(besideJournal: path).lock(at: row.number) else {
            throw .heldElsewhere(run, by: try reader.coordinator(of: run))
        }
        let (epoch, remembered) = try write { database in
            let row = try RunRow.named(run, in: database)
            try expectSilence(of: row, on: host, at: now)
            try database.enter(host: host, pid: pid, epoch: row.epoch + 1, of: row, at: now)
            return (row.epoch + 1, try database.clustersWithBaselines(ofRun: row.number))
        }
        return RunLock(
            row, epoch: epoch, journal: self, held: held, remembered: remembered)
    }

    private func expectSilence(
        of run: RunRow, on host: String, at now: Timestamp
    ) throws(JournalError) {
        guard let other = run.coordinator, !other.hasEnded, other.host != host else { return }
        guard now - other.lastHeard >= heartbeatLimit else {
            throw .heldElsewhere(run.id, by: other)
        }
    }
}

extension JournalReader {
    /// Who leads a run or led it last; `nil` when nobody has yet.
    public func coordinator(of run: RunID) throws(JournalError) -> Coordinatorship? {
        try read { try RunRow.named(run, in: $0).coordinator }
    }
}

extension Database {
    fileprivate func enter(
        host: String, pid: Int, epoch: Int, of run: RunRow, at now: Timestamp
    ) throws {
        try execute(
            sql: """
                UPDATE run SET epoch = ?, host = ?, pid = ?, heardAt = ?, releasedAt = NULL
                WHERE number = ?
                """,
            arguments: [epoch, host, pid, now.milliseconds, run.number])
    }
}
