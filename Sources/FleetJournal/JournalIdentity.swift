import FleetModel
import GRDB

/// What a database says it is.
struct JournalIdentity {
    let applicationID: Int
    let version: Int
    let isEmpty: Bool

    init(of database: Database) throws {
        applicationID = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        // Whoever died while making the journal may have left just this table and its index.
        let tables = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
        isEmpty = try Int.fetchOne(database, sql: tables) == 0
    }

    /// An empty database may become a journal; of others only a journal may be written.
    func expectWritable(at path: String) throws(JournalError) {
        if isEmpty, applicationID == 0, version == 0 { return }
        try expectJournal(at: path)
    }

    func expectReadable(at path: String) throws(JournalError) {
        if isEmpty, applicationID == 0, version == 0 {
            throw .storage(.missing, path: path, detail: "the file is empty")
        }
        try expectJournal(at: path)
        guard version == JournalSchema.version else {
            throw .storage(.older, path: path, detail: versions)
        }
    }

    private func expectJournal(at path: String) throws(JournalError) {
        guard applicationID == JournalSchema.applicationID else {
            let detail = "it is another program's database (application_id \(applicationID))"
            throw .storage(.foreign, path: path, detail: detail)
        }
        guard version <= JournalSchema.version else {
            throw .storage(.newer, path: path, detail: versions)
        }
    }

    private var versions: String { "format \(version), this one writes \(JournalSchema.version)" }
}
