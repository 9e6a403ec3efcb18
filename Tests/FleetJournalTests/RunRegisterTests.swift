import FleetModel
import FleetTestKit
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `A run in the journal` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let plan: PlanID

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        plan = try database.save(try PlanDocument(.small()), at: minute(0)).id
    }

    @Test func `is called like its plan, and the next one has a number`() throws {
        for suffix in ["", "-2", "-3"] {
            let run = try database.createRun(of: plan, at: minute(1))
            #expect(run.rawValue == plan.rawValue + suffix)
            try happen([.runStarted(by: "ann"), .runCompleted(withExceptions: false)], in: run)
        }
        #expect(try database.reader.runs().map(\.id.rawValue).last == plan.rawValue)
    }

    @Test(
        arguments: [
            [], [.runStarted(by: "ann")],
            [.runStarted(by: "ann"), .runHalting(.requested(by: "ann", reason: nil)), .runHalted],
        ] as [[Event]])
    func `that isn't over keeps others of the same plan away`(events: [Event]) throws {
        let run = try database.createRun(of: plan, at: minute(1))
        try happen(events, in: run)
        #expect(throws: JournalError.unfinishedRun(run, of: plan)) {
            try database.createRun(of: plan, at: minute(2))
        }
        let other = try database.save(try PlanDocument(.small("other")), at: minute(2)).id
        #expect(try database.createRun(of: other, at: minute(2)).rawValue == other.rawValue)
    }

    @Test func `needs a plan`() {
        #expect(throws: JournalError.unknownPlan("ZZZZ", near: [])) {
            try database.createRun(of: "ZZZZ", at: minute(1))
        }
    }

    @Test(
        arguments: [
            ([], .planned), ([.runStarted(by: "a")], .running),
            ([.runHalting(.requested(by: "a", reason: nil)), .waveStarted(first)], .halting),
            ([.runHalted], .halted),
            ([.runHalted, .runResumed(by: "a", failures: .retry)], .running),
            ([.runAborted(by: "a", reason: "b")], .aborted),
            ([.runCompleted(withExceptions: false)], .completed),
            ([.runCompleted(withExceptions: true)], .completedWithExceptions),
        ] as [([Event], RunSummary.State)])
    func `is in the state its latest event says`(events: [Event], state: RunSummary.State) throws {
        let run = try database.createRun(of: plan, at: minute(1))
        try happen(events, in: run)
        let summary = try database.reader.run(matching: run.rawValue)
        #expect(summary.state == state)
        #expect(summary.lastSequence == events.count)
        #expect(summary.lastChange == (events.isEmpty ? nil : minute(2)))
        #expect(summary.isLed == false)
    }

    @Test func `is found by the beginning of its id`() throws {
        let run = try database.createRun(of: plan, at: minute(1))
        try happen([.runCompleted(withExceptions: true)], in: run)
        let second = try database.createRun(of: plan, at: minute(2))
        #expect(try database.reader.run(matching: plan.rawValue).id == run)
        #expect(try database.reader.run(matching: second.rawValue.lowercased()).id == second)
        let short = String(plan.rawValue.prefix(3))
        #expect(throws: JournalError.ambiguousRun(short, matches: [second, run])) {
            try database.reader.run(matching: short)
        }
        #expect(throws: JournalError.unknownRun("nope", near: [run, second])) {
            try database.reader.run(matching: "nope")
        }
    }

    @Test func `has its state looked up by an index`() throws {
        let kinds = EventKind.lifecycle.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let sql =
            "EXPLAIN QUERY PLAN SELECT kind FROM event WHERE run = 1 AND kind IN (\(kinds)) "
            + "ORDER BY sequence DESC LIMIT 1"
        let steps = try database.queue.read { database in
            try Row.fetchAll(database, sql: sql).map { $0["detail"] as String }
        }
        #expect(steps.contains { $0.contains("eventOfRun") }, "\(steps)")
    }

    private static let first = WavePosition(phase: 0, wave: 0)

    private func happen(_ events: [Event], in run: RunID) throws {
        let lock = try database.acquire(run, host: "here", pid: 1, at: minute(2))
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(2)) { _ in events }
        try lock.release(at: minute(2))
    }
}
