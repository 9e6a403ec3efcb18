import FleetCoordinator
import FleetJournal
import FleetModel
import Foundation

/// Takes one turn of a run that nobody leads, so that what an operator asked
/// for is in the journal before they are told so.
struct IdleTurn {
    let database: JournalDatabase
    let run: RunID

    /// - Returns: false when another process leads the run and will take the turn.
    func take() throws -> Bool {
        guard let lock = try freeLock() else { return false }
        let summary = try database.reader.run(matching: run.rawValue)
        let stored = try database.reader.plan(matching: summary.plan.rawValue)
        let lead = Engine<RunJournal>.Lead(
            epoch: lock.epoch, host: Host.name, pid: Int(getpid()), operatorName: Host.operatorName)
        var engine = try Engine(
            plan: stored.plan, times: stored.windowTimes(),
            journal: RunJournal(database, lock: lock), lead: lead, at: .now)
        // The controls alone: deciding would start clusters that nobody leads.
        try engine.record([], at: .now)
        if engine.coordinator.directives(at: .now) == [.record(.runHalted)] {
            try engine.record([.runHalted], at: .now)
        }
        try lock.release(at: .now)
        return true
    }

    private func freeLock() throws -> RunLock? {
        do {
            return try database.acquire(run, host: Host.name, pid: Int(getpid()), at: .now)
        } catch {
            if error.exitCode == .heldElsewhere { return nil }
            throw error
        }
    }
}
