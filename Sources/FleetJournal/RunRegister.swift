public import FleetModel
import GRDB

extension JournalDatabase {
    /// Enters a new run of a plan.
    ///
    /// The first run of a plan is called like the plan, later ones `7F3K-2` and so on.
    ///
    /// - Throws: ``JournalError/unfinishedRun(_:of:)`` when the plan has a run
    ///   that isn't over, nor was taken back.
    public func createRun(of plan: PlanID, at now: Timestamp) throws(JournalError) -> RunID {
        try write { database in
            guard try PlanRow.find(id: plan, in: database) != nil else {
                throw JournalError.unknownPlan(plan.rawValue, near: [])
            }
            let earlier = try RunRow.all(of: plan, in: database)
            for run in earlier {
                guard let open = try run.unfinished(in: database) else { continue }
                throw JournalError.unfinishedRun(open.id, of: open.plan)
            }
            let suffix = earlier.isEmpty ? "" : "-\(earlier.count + 1)"
            try database.execute(
                sql: "INSERT INTO run (id, plan, createdAt) VALUES (?, ?, ?)",
                arguments: [plan.rawValue + suffix, plan.rawValue, now.milliseconds])
            return RunID(plan.rawValue + suffix)
        }
    }
}

extension RunRow {
    /// What has to come to its end before the run's plan may be run anew: the run itself, or
    /// those that take it back.
    fileprivate func unfinished(in database: Database) throws -> RunRow? {
        let rollbacks = try Self.rollbacks(of: id, in: database)
        let candidates = rollbacks.isEmpty ? [self] : rollbacks
        return try candidates.first { try !$0.state(in: database).isOver }
    }
}

extension JournalReader {
    /// Every run of the journal, latest first.
    public func runs() throws(JournalError) -> [RunSummary] {
        try read { database in
            try RunRow.all(in: database).map { try summary(of: $0, in: database) }
        }
    }

    /// The run of that id, or the only one whose id begins so.
    ///
    /// - Throws: ``JournalError/unknownRun(_:near:)`` or
    ///   ``JournalError/ambiguousRun(_:matches:)``.
    public func run(matching text: String) throws(JournalError) -> RunSummary {
        try read { database in
            let wanted = CrockfordBase32.normalized(text)
            let names = NameMatch(wanted, among: try RunRow.ids(in: database))
            guard let id = names.only else {
                throw names.matches.isEmpty
                    ? JournalError.unknownRun(text, near: names.near)
                    : JournalError.ambiguousRun(text, matches: names.matches)
            }
            return try summary(of: try RunRow.named(id, in: database), in: database)
        }
    }

    func summary(of run: RunRow, in database: Database) throws -> RunSummary {
        let last = try run.lastChange(in: database)
        return RunSummary(
            id: run.id, plan: run.plan, createdAt: run.createdAt,
            state: try run.state(in: database), lastSequence: last?.sequence ?? 0,
            lastChange: last?.time, coordinator: run.coordinator,
            isLed: LockFile(besideJournal: path).isHeld(at: run.number))
    }
}
