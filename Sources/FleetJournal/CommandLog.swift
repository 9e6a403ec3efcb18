public import FleetModel
import Foundation
import GRDB

/// The audit of the commands that a run's coordinator runs.
///
/// ```
///   begin ──▶ (the command runs, and may outlive us) ──▶ finish
///     └── a record without a result: whoever resumes must find out what became of it
/// ```
public struct CommandLog: Sendable {
    private let database: JournalDatabase
    private let lock: RunLock
    private let limits: OutputLimits

    public init(
        _ database: JournalDatabase, lock: RunLock, limits: OutputLimits = OutputLimits()
    ) {
        (self.database, self.lock, self.limits) = (database, lock, limits)
    }

    /// Records that a command is about to start; it may start once this returns.
    ///
    /// The redactions are made here once more, and are not themselves kept.
    /// A command taken up again after a crash keeps the record it has.
    ///
    /// What the step remembers of the cluster before its first command is kept with it, in
    /// place of what an earlier step did.
    ///
    /// - Throws: ``JournalError/superseded(_:by:)`` when this coordinator no
    ///   longer leads the run: the command must not start.
    public func begin(
        _ record: CommandRecord, keeping baseline: KeptBaseline? = nil
    ) throws(JournalError) {
        if baseline != nil { lock.noteBaseline(of: record.attempt.cluster) }
        try database.write { database in
            try lock.expectToLead(in: database)
            if let baseline { try database.keep(baseline, ofRun: lock.number) }
            try database.insert(record, run: lock.number, limits: limits)
        }
    }

    /// What an earlier attempt at the same step remembered and nobody has judged by.
    public func baseline(before attempt: Attempt) throws(JournalError) -> KeptBaseline? {
        try database.reader.read { try $0.baseline(before: attempt, ofRun: lock.number) }
    }

    /// Records how a command ended. The first word counts: a later one about
    /// the same command changes nothing.
    ///
    /// It is taken even from a coordinator that was superseded, because what
    /// it saw is true.
    ///
    /// The redactions are texts that are replaced in what is kept of the output. Of a
    /// command that was taken up from the record, and whose secrets therefore nobody
    /// knows any more, nothing is kept.
    ///
    /// - Throws: ``JournalError/unknownCommand(_:in:)`` when it was never begun.
    public func finish(
        _ id: CommandID, _ result: CommandResult, redactions: [String]
    ) throws(JournalError) {
        guard let row = try openRow(id) else { return }
        let room = limits.run - (try keptSoFar())
        let streams = Redaction(redactions).streams(of: result)
        let shelf = OutputShelf(besideJournal: database.path)
        var kept: [KeptOutput] = []
        for (stream, bytes) in streams where !bytes.isEmpty {
            let place = shelf.place(run: lock.number, command: row, stream: stream)
            kept.append(try KeptOutput(bytes, of: stream, limits: limits, room: room, at: place))
        }
        try database.write { database in
            try database.finish(row, result, kept, run: lock.number)
        }
    }

    /// The command's number while it has no result, `nil` when it has one.
    private func openRow(_ id: CommandID) throws(JournalError) -> Int64? {
        try database.reader.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT number, ending IS NULL FROM command WHERE run = ? AND id = ?")
            let arguments: StatementArguments = [lock.number, id.rawValue]
            guard let row = try Row.fetchOne(statement, arguments: arguments) else {
                throw JournalError.unknownCommand(id, in: lock.run)
            }
            return row[1] ? row[0] : nil
        }
    }

    private func keptSoFar() throws(JournalError) -> Int {
        try database.reader.read { database in
            let sql = "SELECT keptOutput FROM run WHERE number = ?"
            return try Int.fetchOne(database, sql: sql, arguments: [lock.number]) ?? 0
        }
    }
}

extension Database {
    fileprivate func insert(_ record: CommandRecord, run: Int64, limits: OutputLimits) throws {
        let statement = try cachedStatement(
            sql: """
                INSERT INTO command (run, id, cluster, phase, step, attempt, document, startedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, id) DO NOTHING
                """)
        let document = try JSONText.encode(record.command.forTheRecord(limits))
        try statement.execute(arguments: [
            run, record.id.rawValue, record.attempt.cluster.rawValue, record.attempt.phase,
            record.attempt.step, record.attempt.number, document, record.startedAt.milliseconds,
        ])
    }

    fileprivate func finish(
        _ command: Int64, _ result: CommandResult, _ outputs: [KeptOutput], run: Int64
    ) throws {
        let statement = try cachedStatement(
            sql: """
                UPDATE command SET ending = ?, duration = ?, isTruncated = ?
                WHERE number = ? AND ending IS NULL
                """)
        try statement.execute(arguments: [
            try JSONText.encode(result.ending), result.duration.inNanoseconds, result.isTruncated,
            command,
        ])
        guard changesCount > 0 else { return }
        for output in outputs { try output.insert(into: self, command: command) }
        try execute(
            sql: "UPDATE run SET keptOutput = keptOutput + ? WHERE number = ?",
            arguments: [outputs.reduce(0) { $0 + $1.room }, run])
    }
}

extension Command {
    /// The command as it may be seen: without its secrets, and of a long stdin
    /// just the beginning. What was applied is in the plan, whole.
    fileprivate func forTheRecord(_ limits: OutputLimits) -> Command {
        var command = self
        command.argv = argv.map(redacted)
        command.stdin = stdin.map { limits.shortened(redacted($0)) }
        command.purpose = redacted(purpose)
        command.redactions = redactions.isEmpty ? [] : [Command.redactionMark]
        return command
    }
}

extension Duration {
    /// Whole nanoseconds, as far as 64 bits reach: 292 years.
    fileprivate var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLong ? .max : nanoseconds &+ attoseconds / 1_000_000_000
    }
}
