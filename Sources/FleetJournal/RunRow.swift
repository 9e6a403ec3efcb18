import FleetModel
import GRDB

/// A row of the table `run`.
struct RunRow {
    let number: Int64
    let id: RunID
    let plan: PlanID
    let createdAt: Timestamp
    let epoch: Int
    let coordinator: Coordinatorship?

    static func named(_ id: RunID, in database: Database) throws -> RunRow {
        let sql = select + " WHERE id = ?"
        let statement = try database.cachedStatement(sql: sql)
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else {
            let near = NameMatch(id.rawValue, among: try ids(in: database)).near
            throw JournalError.unknownRun(id.rawValue, near: near)
        }
        return RunRow(row)
    }

    /// Every run, latest first.
    static func all(in database: Database) throws -> [RunRow] {
        try Row.fetchAll(database, sql: select + " ORDER BY number DESC").map(RunRow.init)
    }

    /// The runs of one plan, oldest first.
    static func all(of plan: PlanID, in database: Database) throws -> [RunRow] {
        let sql = select + " WHERE plan = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [plan.rawValue]).map(RunRow.init)
    }

    static func ids(in database: Database) throws -> [RunID] {
        try String.fetchAll(database, sql: "SELECT id FROM run ORDER BY number DESC")
            .map(RunID.init(_:))
    }

    /// The run's state, as its latest event about the whole run says.
    func state(in database: Database) throws -> RunSummary.State {
        let kinds = EventKind.lifecycle.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let sql = """
            SELECT \(JournalEntry.columns) FROM event
            WHERE run = ? AND kind IN (\(kinds)) ORDER BY sequence DESC LIMIT 1
            """
        let row = try Row.fetchOne(database, sql: sql, arguments: [number])
        return RunSummary.State(after: try row.map { try JournalEntry($0).event })
    }

    /// When the latest event was stored.
    func lastChange(in database: Database) throws -> (sequence: Int, time: Timestamp)? {
        let sql = "SELECT sequence, time FROM event WHERE run = ? ORDER BY sequence DESC LIMIT 1"
        return try Row.fetchOne(database, sql: sql, arguments: [number]).map { row in
            (row[0], Timestamp(milliseconds: row[1]))
        }
    }

    private init(_ row: Row) {
        (number, id, plan) = (row[0], RunID(row[1]), PlanID(row[2]))
        (createdAt, epoch) = (Timestamp(milliseconds: row[3]), row[4])
        coordinator = Self.coordinator(in: row, epoch: epoch)
    }

    private static func coordinator(in row: Row, epoch: Int) -> Coordinatorship? {
        guard let host: String = row[5], let pid: Int = row[6], let heard: Int64 = row[7] else {
            return nil
        }
        let hasEnded = row[8] as Int64? != nil
        return Coordinatorship(
            host: host, pid: pid, epoch: epoch, lastHeard: Timestamp(milliseconds: heard),
            hasEnded: hasEnded)
    }

    private static let select =
        "SELECT number, id, plan, createdAt, epoch, host, pid, heardAt, releasedAt FROM run"
}
