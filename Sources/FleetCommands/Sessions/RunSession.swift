import FleetCoordinator
import FleetJournal
import FleetModel
import FleetRunner
import Foundation
import Takeovers

/// One process leading one run, from taking its lock to giving it back.
struct RunSession: Sendable {
    let database: JournalDatabase
    let run: RunID
    let plan: StoredPlan
    let executors: Executors
    let audience: any RunAudience

    /// What the operator decided before the run goes on, if it was halted.
    var failures: FailureTreatment = .retry

    /// Why the operator begins the run, where they say so.
    var reason: String?

    /// What is otherwise when the run is only a rehearsal.
    var rehearsal: RehearsalConditions?

    /// Leads the run until it can go no further.
    func lead() async throws -> RunDriver<RunJournal>.Ending {
        let clock = rehearsal?.clock ?? .live
        let lock = try database.acquire(
            run, host: Host.name, pid: Int(getpid()), at: clock.now())
        let runbook = try Runbooks.required(plan.plan.takeover.runbook)
        let leftOpen = try database.reader.openRecords(of: run)
        let notes = NoteBoard()
        let log = FleetJournal.CommandLog(database, lock: lock)
        let commands = JournaledCommands(
            log: log, notes: notes, leftOpen: leftOpen, warn: audience.remark)
        let ending = try await executors.with(plan.document.plan.bastions) { [rehearsal] executor in
            let executor = rehearsal?.confined(executor) ?? executor
            return try await drive(
                Surroundings(
                    executor: executor, notes: notes, log: commands, lock: lock, runbook: runbook),
                clock)
        }
        try lock.release(at: clock.now())
        return ending
    }

    private struct Surroundings: Sendable {
        let executor: any CommandExecutor
        let notes: NoteBoard
        let log: JournaledCommands
        let lock: RunLock
        let runbook: any Runbook.Type
    }
}

// MARK: - Driving

extension RunSession {
    private func drive(
        _ surroundings: Surroundings, _ clock: RunClock
    ) async throws -> RunDriver<RunJournal>.Ending {
        let engine = try openEngine(surroundings.lock, clock)
        let notes = surroundings.notes
        let scribe = Scribe(database: database, lock: surroundings.lock, notes: notes)
        let watch = RunWatch(
            run: run, audience: audience, scribe: scribe, notes: notes, now: clock.now)
        let driver = RunDriver(
            engine: engine, clock: clock, hasControls: hasControls,
            perform: performer(surroundings, clock).performer, watch: { watch.see($0, $1) })
        let interrupts = interrupts()
        defer { interrupts.stop() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await scribe.keepWriting(clock) }
            let ending = try await driver.run()
            scribe.write(at: clock.now())
            audience.finish()
            return ending
        }
    }

    private func performer(_ surroundings: Surroundings, _ clock: RunClock) -> AttemptPerformer {
        AttemptPerformer(
            plan: plan.plan, runbook: surroundings.runbook, run: run,
            epoch: surroundings.lock.epoch, executor: surroundings.executor,
            log: surroundings.log, clock: clock, rehearsal: rehearsal)
    }

    private func openEngine(_ lock: RunLock, _ clock: RunClock) throws -> Engine<RunJournal> {
        let lead = Engine<RunJournal>.Lead(
            epoch: lock.epoch, host: Host.name, pid: Int(getpid()),
            operatorName: Host.operatorName, reason: reason)
        var engine = try Engine(
            plan: plan.plan, times: plan.windowTimes(at: clock.now()),
            journal: RunJournal(database, lock: lock), lead: lead, at: clock.now())
        guard engine.coordinator.isAtRest else { return engine }
        let resumed = Event.runResumed(by: Host.operatorName, failures: failures)
        try engine.record([resumed], at: clock.now())
        return engine
    }

    /// Cheap, and called often. A journal that can't be read now will say so at
    /// the next turn, loudly.
    private var hasControls: @Sendable () -> Bool {
        { [database, run] in (try? database.reader.hasPendingControls(run)) ?? false }
    }

    private func interrupts() -> Interrupts {
        let (database, run, audience) = (database, run, audience)
        @Sendable func send(_ control: Control, _ words: String) {
            audience.remark(words)
            do {
                try database.send(control, to: run, at: .now)
            } catch {
                audience.remark("\(error)")
            }
        }
        return Interrupts(
            first: { name in
                send(
                    .halt(by: Host.operatorName, reason: name),
                    "Halting: clusters in flight go on to a safe point. Ctrl-C again to abort.")
            },
            second: { name in
                send(
                    .abort(by: Host.operatorName, reason: "\(name), the second time"),
                    "Aborting: stopping what is in flight. Ctrl-C again to leave at once.")
            })
    }
}
