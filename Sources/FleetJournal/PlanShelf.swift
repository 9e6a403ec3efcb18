public import FleetModel
import GRDB

extension JournalDatabase {
    /// Keeps a plan, and gives it its id.
    ///
    /// A plan that is there already keeps the id it has: equal plans are one plan. The latest
    /// `reason` that somebody gave for it is kept with it.
    public func save(
        _ document: PlanDocument, at now: Timestamp, reason: String? = nil
    ) throws(JournalError) -> StoredPlan {
        try write { database in
            let known = try PlanRow.find(hash: document.hash, in: database)
            let id = try known?.id ?? database.insert(document, at: now)
            if let reason { try database.keep(reason, for: id) }
            // Equal to what is kept, and decoded already.
            return StoredPlan(
                id: id, document: document, createdAt: known?.createdAt ?? now,
                reason: reason ?? known?.reason)
        }
    }
}

extension Database {
    fileprivate func insert(_ document: PlanDocument, at now: Timestamp) throws -> PlanID {
        let id = try freeID(for: document)
        try execute(
            sql: "INSERT INTO plan (id, hash, createdAt, document) VALUES (?, ?, ?, ?)",
            arguments: [id.rawValue, document.hash, now.milliseconds, document.text])
        return id
    }

    fileprivate func keep(_ reason: String, for plan: PlanID) throws {
        try execute(
            sql: "INSERT INTO planReason (plan, text) VALUES (?, ?) "
                + "ON CONFLICT (plan) DO UPDATE SET text = excluded.text",
            arguments: [plan.rawValue, reason])
    }
}

extension JournalReader {
    /// The plan of that id, or whose id begins so, or whose hash this is.
    ///
    /// - Throws: ``JournalError/unknownPlan(_:near:)``,
    ///   ``JournalError/ambiguousPlan(_:matches:)``, or
    ///   ``JournalError/unreadablePlan(_:reason:)`` when the text has changed
    ///   since it was frozen.
    public func plan(matching text: String) throws(JournalError) -> StoredPlan {
        let row = try read { database in
            if let row = try PlanRow.find(hash: text.lowercased(), in: database) { return row }
            let id = try database.planID(matching: text)
            guard let row = try PlanRow.find(id: id, in: database) else {
                throw JournalError.unknownPlan(text, near: [])
            }
            return row
        }
        // Out of the queue: a large plan is long to decode, and others read meanwhile.
        return try row.plan()
    }

    /// Every plan in the journal, latest first.
    public func planIDs() throws(JournalError) -> [PlanID] {
        try read { try $0.planIDs() }
    }
}

extension Database {
    fileprivate func planIDs() throws -> [PlanID] {
        try String.fetchAll(self, sql: "SELECT id FROM plan ORDER BY createdAt DESC, id")
            .map(PlanID.init(_:))
    }

    fileprivate func planID(matching text: String) throws -> PlanID {
        let wanted = CrockfordBase32.normalized(text)
        let names = NameMatch(wanted, among: try planIDs())
        guard let id = names.only else {
            throw names.matches.isEmpty
                ? JournalError.unknownPlan(text, near: names.near)
                : JournalError.ambiguousPlan(text, matches: names.matches)
        }
        return id
    }

    /// The shortest beginning of the plan's long id that no other plan has.
    fileprivate func freeID(for document: PlanDocument) throws -> PlanID {
        let longID = document.longID
        for length in shortestID..<longID.count {
            let id = String(longID.prefix(length))
            let isTaken = "SELECT EXISTS (SELECT 1 FROM plan WHERE id = ?)"
            if try Bool.fetchOne(self, sql: isTaken, arguments: [id]) == false { return PlanID(id) }
        }
        return PlanID(longID)
    }
}

/// A row of the table `plan`.
struct PlanRow {
    let id: PlanID
    let hash: String
    let createdAt: Timestamp
    let text: String
    let reason: String?

    static func find(id: PlanID, in database: Database) throws -> PlanRow? {
        try find("id = ?", id.rawValue, in: database)
    }

    static func find(hash: String, in database: Database) throws -> PlanRow? {
        try find("hash = ?", hash, in: database)
    }

    func plan() throws(JournalError) -> StoredPlan {
        let document = try PlanDocument(text: text, hash: hash, id: id)
        return StoredPlan(id: id, document: document, createdAt: createdAt, reason: reason)
    }

    private static func find(
        _ condition: String, _ value: String, in database: Database
    ) throws -> PlanRow? {
        let sql = """
            SELECT id, hash, createdAt, document, planReason.text
            FROM plan LEFT JOIN planReason ON planReason.plan = plan.id WHERE \(condition)
            """
        return try Row.fetchOne(database, sql: sql, arguments: [value]).map { row in
            PlanRow(
                id: PlanID(row[0]), hash: row[1],
                createdAt: Timestamp(milliseconds: row[2]), text: row[3], reason: row[4])
        }
    }
}

/// Four characters tell a million plans apart, and can be said in one breath.
private let shortestID = 4
