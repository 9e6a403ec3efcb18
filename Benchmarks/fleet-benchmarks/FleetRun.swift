import FleetCommands
import FleetCoordinator
import FleetJournal
import FleetModel
import FleetRunner

/// A run whose steps do nothing, with everything else real: the driver, the
/// SQLite journal, its lock, the snapshots for onlookers.
struct FleetRun {
    let shape: FleetShape
    let journalPath: String

    /// Plans, leads the run to its end and says what it took.
    func lead() async throws -> FleetFigures {
        let plan = shape.plan
        let start = ContinuousClock.now
        let clock = RunClock.live
        let database = try JournalDatabase(path: journalPath)
        let stored = try database.save(PlanDocument(plan), at: clock.now())
        let run = try database.createRun(of: stored.id, at: clock.now())
        let lock = try database.acquire(run, host: "here", pid: 1, at: clock.now())
        let log = TurnLog()
        let engine = try Engine(
            plan: stored.plan, journal: TimedJournal(RunJournal(database, lock: lock), log: log),
            lead: .benchmark(lock), at: clock.now())
        try await drive(engine, database, lock, clock)
        try lock.release(at: clock.now())
        return FleetFigures(elapsed: .now - start, log)
    }

    private func drive(
        _ engine: Engine<TimedJournal<RunJournal>>, _ database: JournalDatabase, _ lock: RunLock,
        _ clock: RunClock
    ) async throws {
        let notes = NoteBoard()
        let scribe = Scribe(database: database, lock: lock, notes: notes)
        let watch = RunWatch(
            run: lock.run, audience: QuietAudience(), scribe: scribe, notes: notes, now: clock.now)
        let driver = RunDriver(
            engine: engine, clock: clock,
            hasControls: { (try? database.reader.hasPendingControls(lock.run)) ?? false },
            perform: { _, _, _ in .succeeded(changed: true) },
            watch: { watch.see($0, $1) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await scribe.keepWriting(clock) }
            guard case .completed(withExceptions: false) = try await driver.run() else {
                throw BenchmarkFailure("The run did not complete.")
            }
            scribe.write(at: clock.now())
        }
    }
}

/// What one run took. Children hand it to their parent as JSON.
struct FleetFigures: Codable {
    let elapsed: Duration
    let turns: Int
    let decisionMedian: Duration
    let decision99th: Duration
    let decisionLongest: Duration
    /// How many events each turn wrote.
    let batches: [Int]

    init(elapsed: Duration, _ log: TurnLog) {
        let decisions = log.decisions
        (self.elapsed, turns, batches) = (elapsed, decisions.values.count, log.batches)
        decisionMedian = decisions.median
        decision99th = decisions.percentile(99)
        decisionLongest = decisions.longest
    }

    var events: Int { batches.reduce(0, +) }
}

extension Engine.Lead {
    static func benchmark(_ lock: RunLock) -> Self {
        Self(epoch: lock.epoch, host: "here", pid: 1, operatorName: "benchmark")
    }
}
