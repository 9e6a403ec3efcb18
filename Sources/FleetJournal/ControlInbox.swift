public import FleetModel
import GRDB

extension JournalDatabase {
    /// Leaves a word for the coordinator of a run. It is durable on return, and
    /// no turn that begins afterwards misses it.
    ///
    /// - Throws: ``JournalError/runIsOver(_:_:)`` when nobody will ever read it.
    public func send(
        _ control: Control, to run: RunID, at now: Timestamp
    ) throws(JournalError) {
        try write { database in
            let row = try RunRow.named(run, in: database)
            let state = try row.state(in: database)
            guard !state.isOver else { throw JournalError.runIsOver(run, state) }
            try database.execute(
                sql: """
                    INSERT INTO control (run, sentAt, sentAfter, document) VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    row.number, now.milliseconds, try database.lastSequence(ofRun: row.number),
                    try JSONText.encode(control),
                ])
        }
    }
}

extension JournalReader {
    /// Whether somebody has asked for something that no turn has taken up yet.
    ///
    /// One look at an index, cheap enough for ten times a second.
    public func hasPendingControls(_ run: RunID) throws(JournalError) -> Bool {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM control WHERE handledAt IS NULL
                        AND run = (SELECT number FROM run WHERE id = ?))
                    """)
            return try Bool.fetchOne(statement, arguments: [run.rawValue]) ?? false
        }
    }
}

/// A control that no turn has taken up yet.
struct PendingControl {
    let number: Int64
    let control: Control
}

extension Database {
    /// What is pending, in the order it was sent.
    func pendingControls(ofRun run: Int64) throws -> [PendingControl] {
        let statement = try cachedStatement(
            sql: """
                SELECT number, document FROM control
                WHERE run = ? AND handledAt IS NULL ORDER BY number
                """)
        return try Row.fetchAll(statement, arguments: [run]).map { row in
            let control = try JSONText.decode(Control.self, from: row[1])
            return PendingControl(number: row[0], control: control)
        }
    }

    func markHandled(_ controls: [PendingControl], at now: Timestamp) throws {
        guard !controls.isEmpty else { return }
        let statement = try cachedStatement(
            sql: "UPDATE control SET handledAt = ? WHERE number = ?")
        for control in controls {
            try statement.execute(arguments: [now.milliseconds, control.number])
        }
    }
}
