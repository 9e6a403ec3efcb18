public import FleetModel
import GRDB

extension JournalReader {
    /// What was recorded of a run's commands, in the order they began.
    ///
    /// Of a long output it holds the two ends, with a line between them that
    /// says how much is missing; ``output(of:_:in:)`` has the rest. A cluster
    /// narrows it to the commands on its behalf, a limit to the latest so many.
    public func records(
        of run: RunID, cluster: ClusterName? = nil, latest limit: Int? = nil
    ) throws(JournalError) -> [CommandRecord] {
        try read { database in
            let run = try RunRow.named(run, in: database).number
            let filter = cluster == nil ? "" : "AND cluster = ?"
            var arguments: StatementArguments = [run]
            if let cluster { arguments += [cluster.rawValue] }
            arguments += [limit ?? -1]
            let latest = try database.commands(
                "run = ? \(filter) ORDER BY number DESC LIMIT ?", arguments)
            return latest.reversed()
        }
    }

    /// The commands that began and whose end nobody has recorded, oldest first.
    public func openRecords(of run: RunID) throws(JournalError) -> [CommandRecord] {
        try read { database in
            let run = try RunRow.named(run, in: database).number
            return try database.commands("run = ? AND ending IS NULL ORDER BY number", [run])
        }
    }

    /// The ids of the commands of all runs whose end nobody has recorded.
    public func openCommands() throws(JournalError) -> Set<CommandID> {
        try read { database in
            let ids = try String.fetchSet(
                database, sql: "SELECT id FROM command WHERE ending IS NULL")
            return Set(ids.map { CommandID($0) })
        }
    }

    /// All that was kept of one stream of a command.
    ///
    /// - Throws: ``JournalError/unknownCommand(_:in:)``, or
    ///   ``JournalError/unreadableOutput(path:detail:)`` when the output's file
    ///   is gone or has changed.
    public func output(
        of id: CommandID, _ stream: OutputStream, in run: RunID
    ) throws(JournalError) -> [UInt8] {
        let kept = try read { database in
            let number = try RunRow.named(run, in: database).number
            let sql = "SELECT number FROM command WHERE run = ? AND id = ?"
            let arguments: StatementArguments = [number, id.rawValue]
            guard let command = try Int64.fetchOne(database, sql: sql, arguments: arguments) else {
                throw JournalError.unknownCommand(id, in: run)
            }
            return try KeptOutput.all(of: command, in: database).first { $0.stream == stream }
        }
        guard let kept else { return [] }
        return try whole(kept)
    }

    private func whole(_ kept: KeptOutput) throws(JournalError) -> [UInt8] {
        guard let name = kept.file else { return kept.shown }
        let filed = try OutputShelf(besideJournal: path).place(named: name)
            .read(digest: kept.digest)
        let left = kept.size - filed.count
        guard left > kept.tail.count else { return filed + kept.tail.suffix(max(0, left)) }
        let gap = "\n[… \(left - kept.tail.count) bytes left out …]\n"
        return filed + Array(gap.utf8) + kept.tail
    }
}

extension Database {
    fileprivate func commands(
        _ condition: String, _ arguments: StatementArguments
    ) throws -> [CommandRecord] {
        let statement = try cachedStatement(
            sql: """
                SELECT number, id, cluster, phase, step, attempt, document, startedAt, ending,
                duration, isTruncated FROM command WHERE \(condition)
                """)
        return try Row.fetchAll(statement, arguments: arguments).map { try record($0) }
    }

    private func record(_ row: Row) throws -> CommandRecord {
        let attempt = Attempt(
            cluster: ClusterName(row[2]), phase: row[3], step: row[4], number: row[5])
        return CommandRecord(
            id: CommandID(row[1]), attempt: attempt,
            command: try JSONText.decode(Command.self, from: row[6]),
            startedAt: Timestamp(milliseconds: row[7]), result: try result(row))
    }

    private func result(_ row: Row) throws -> CommandResult? {
        guard let ending: String = row[8] else { return nil }
        let kept = try KeptOutput.all(of: row[0], in: self)
        let streams = Dictionary(kept.map { ($0.stream, $0.shown) }) { first, _ in first }
        var result = CommandResult(
            try JSONText.decode(CommandResult.Ending.self, from: ending),
            stdout: streams[.stdout] ?? [], stderr: streams[.stderr] ?? [],
            isTruncated: row[10] || kept.contains { !$0.isWhole },
            duration: .nanoseconds(row[9] as Int64))
        result.killed = String(decoding: streams[.killed] ?? [], as: UTF8.self)
            .split(separator: "\n").map(String.init)
        return result
    }
}
