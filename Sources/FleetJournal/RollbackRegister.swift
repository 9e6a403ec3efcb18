public import FleetModel
import GRDB

extension JournalReader {
    /// The runs that take a run back, latest first.
    ///
    /// That a run was taken back is nowhere stored: the plan of whatever did it says so.
    public func rollbacks(of run: RunID) throws(JournalError) -> [RunSummary] {
        try read { database in
            try RunRow.rollbacks(of: run, in: database).map { try summary(of: $0, in: database) }
        }
    }

    /// The runs that take any run of a plan back, latest first.
    public func rollbacks(ofPlan plan: PlanID) throws(JournalError) -> [RunSummary] {
        try read { database in
            try RunRow.all(of: plan, in: database).reversed()
                .flatMap { try RunRow.rollbacks(of: $0.id, in: database) }
                .map { try summary(of: $0, in: database) }
        }
    }
}

extension RunRow {
    /// The runs that take a run back, latest first.
    static func rollbacks(of run: RunID, in database: Database) throws -> [RunRow] {
        let sql = """
            SELECT id FROM plan WHERE json_extract(document, '$.takeover.rollsBack') = ?
            """
        return try String.fetchAll(database, sql: sql, arguments: [run.rawValue])
            .flatMap { try all(of: PlanID($0), in: database) }
            .sorted { $0.number > $1.number }
    }
}
