import FleetModel
import FleetTestKit
import Testing

@testable import FleetJournal

@Suite struct `A run that was rolled back` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let plan: PlanID
    private let run: RunID

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        plan = try database.save(try PlanDocument(.small()), at: minute(0)).id
        run = try database.createRun(of: plan, at: minute(1))
    }

    private func rollback() throws -> (plan: PlanID, run: RunID) {
        var takeover = Plan.small().takeover
        takeover.rollsBack = run
        let forward = Plan.small()
        let back = Plan(
            takeover: takeover, policy: forward.policy, phases: forward.phases,
            clusters: forward.clusters)
        let plan = try database.save(try PlanDocument(back), at: minute(2)).id
        return (plan, try database.createRun(of: plan, at: minute(2)))
    }

    private func complete(_ run: RunID) throws {
        let lock = try database.acquire(run, host: "here", pid: 1, at: minute(3))
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(3)) { _ in
            [.runStarted(by: "ann"), .runCompleted(withExceptions: false)]
        }
        try lock.release(at: minute(3))
    }

    @Test func `is told from one that was not by the plan of whoever did it`() throws {
        #expect(try database.reader.rollbacks(of: run).isEmpty)
        #expect(try database.reader.rollbacks(ofPlan: plan).isEmpty)
        let back = try rollback()
        #expect(try database.reader.rollbacks(of: run).map(\.id) == [back.run])
        #expect(try database.reader.rollbacks(ofPlan: plan).map(\.id) == [back.run])
        #expect(try database.reader.rollbacks(of: back.run).isEmpty)
        #expect(
            try database.reader.plan(matching: back.plan.rawValue).plan.takeover.rollsBack == run)
    }

    @Test func `lets its plan be run anew once the rollback is over`() throws {
        #expect(throws: JournalError.unfinishedRun(run, of: plan)) {
            try database.createRun(of: plan, at: minute(2))
        }
        let back = try rollback()
        #expect(throws: JournalError.unfinishedRun(back.run, of: back.plan)) {
            try database.createRun(of: plan, at: minute(3))
        }
        try complete(back.run)
        #expect(try database.createRun(of: plan, at: minute(4)).rawValue == "\(plan)-2")
    }

    @Test func `may be rolled back again`() throws {
        try complete(try rollback().run)
        let again = try rollback()
        #expect(again.run.rawValue == "\(again.plan)-2")
        #expect(try database.reader.rollbacks(of: run).count == 2)
    }
}
