import FleetJournal
import FleetModel

/// Keeps a run and whoever takes it back out of each other's way.
struct RollbackRules {
    let reader: JournalReader

    /// Throws unless a run may be taken back now: nobody leads it, it has come to rest, and
    /// nobody else takes it back.
    func requireRest(of run: RunSummary, for plan: PlanID? = nil) throws {
        guard !run.isLed, !run.state.isUnderWay else { throw RollbackRefusal.stillGoing(run.id) }
        let open = try reader.rollbacks(of: run.id).first { !$0.state.isOver && $0.plan != plan }
        if let open { throw RollbackRefusal.underWay(run.id, by: open.id) }
    }

    /// Throws unless a plan may be run: one that was taken back only for a reason.
    func requireRunnable(_ plan: StoredPlan, reason: String?) throws {
        if let run = plan.plan.takeover.rollsBack {
            return try requireRest(of: reader.run(matching: run.rawValue), for: plan.id)
        }
        guard (reason ?? "").isEmpty, let rollback = try reader.rollbacks(ofPlan: plan.id).first
        else { return }
        throw RollbackRefusal.rejected(plan.id, by: rollback.id)
    }

    /// Throws unless a run may go on: one that was taken back only without those clusters.
    func requireResumable(_ run: RunSummary, acceptsFailures: Bool) throws {
        let rollbacks = try reader.rollbacks(of: run.id)
        if let open = rollbacks.first(where: { !$0.state.isOver }) {
            throw RollbackRefusal.underWay(run.id, by: open.id)
        }
        guard !acceptsFailures, let rollback = rollbacks.first else { return }
        throw RollbackRefusal.rolledBack(run.id, by: rollback.id, plan: run.plan)
    }
}
