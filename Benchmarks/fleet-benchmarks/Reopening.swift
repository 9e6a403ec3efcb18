import FleetCommands
import FleetCoordinator
import FleetJournal
import FleetModel
import FleetRunner

/// What `bellwether resume` does before the run goes on: opens the journal,
/// takes the lock, reads the plan and replays the events to a ready engine.
struct Reopening {
    let journalPath: String

    struct Figures: Codable {
        let elapsed: Duration
        let events: Int
        /// The part of it that went into reading the plan.
        let plan: Duration
    }

    func measure() throws -> Figures {
        let start = ContinuousClock.now
        let clock = RunClock.live
        let database = try JournalDatabase(path: journalPath)
        guard let summary = try database.reader.runs().first else {
            throw BenchmarkFailure("\(journalPath) holds no run.")
        }
        let lock = try database.acquire(summary.id, host: "here", pid: 1, at: clock.now())
        let beforePlan = ContinuousClock.now
        let plan = try database.reader.plan(matching: summary.plan.rawValue).plan
        let planTime = ContinuousClock.now - beforePlan
        _ = try Engine(
            plan: plan, journal: RunJournal(database, lock: lock), lead: .benchmark(lock),
            at: clock.now())
        return Figures(elapsed: .now - start, events: summary.lastSequence, plan: planTime)
    }
}
