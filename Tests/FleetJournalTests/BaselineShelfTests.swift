import FleetModel
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `What a step remembers, in the journal` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let lock: RunLock

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
    }

    private var log: CommandLog { CommandLog(database, lock: lock) }

    private func attempt(
        _ number: Int, step: Int = 0, phase: Int = 0, of cluster: ClusterName = "edge-01"
    ) -> Attempt {
        Attempt(cluster: cluster, phase: phase, step: step, number: number)
    }

    private func baseline(
        _ text: String = "ünï", by attempt: Attempt, _ interrupt: Interrupt = .safe
    ) -> KeptBaseline {
        KeptBaseline(
            text, of: StepOutline("restart", interrupt: interrupt), by: attempt, identity: "4711",
            at: minute(1))
    }

    private func keep(_ baseline: KeptBaseline, by lock: RunLock? = nil) throws {
        let command = Command(["kubectl", "patch"], isMutating: true)
        let lock = lock ?? self.lock
        try CommandLog(database, lock: lock).begin(
            CommandRecord(
                id: baseline.attempt.commandID(1, run: lock.run), attempt: baseline.attempt,
                command: command, startedAt: minute(1)),
            keeping: baseline)
    }

    private func happen(_ events: Event...) throws {
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(2)) { _ in events }
    }

    private func count() throws -> Int {
        try database.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM baseline") ?? 0 }
    }

    @Test func `is there for the next attempt, as it was`() throws {
        let kept = baseline(by: attempt(1))
        try keep(kept)
        #expect(try log.baseline(before: attempt(2)) == kept)
        #expect(try log.baseline(before: attempt(7)) == kept)
        let other = try scratch.open()
        let next = try CommandLog(other, lock: lock).baseline(before: attempt(2))
        #expect(next == kept)
    }

    @Test func `is for nobody else`() throws {
        try keep(baseline(by: attempt(2)))
        for stranger in [
            attempt(1), attempt(2), attempt(3, step: 1), attempt(3, phase: 1),
            attempt(3, of: "edge-02"),
        ] { #expect(try log.baseline(before: stranger) == nil, "\(stranger)") }
        let second = try database.leadNewRun(.small("other"))
        #expect(try CommandLog(database, lock: second).baseline(before: attempt(3)) == nil)
    }

    @Test func `comes with its command, or not at all`() throws {
        try database.supersede(lock)
        let error = #expect(throws: JournalError.self) { try keep(baseline(by: attempt(1))) }
        guard case .superseded? = error else {
            Issue.record("It was \(error as Any)")
            return
        }
        #expect(try count() == 0)
        #expect(try database.reader.records(of: lock.run).isEmpty)
    }

    @Test func `gives way to what a later one remembers`() throws {
        try keep(baseline("old", by: attempt(1)))
        try keep(baseline("new", by: attempt(1, step: 1)))
        #expect(try log.baseline(before: attempt(2)) == nil)
        #expect(try log.baseline(before: attempt(2, step: 1))?.text == "new")
        #expect(try count() == 1)
    }

    @Test(
        arguments: [
            (.succeeded(changed: true), 0), (.succeeded(changed: false), 0),
            (.failed(Failure(.terminal, "I3")), 0), (.failed(Failure(.alarm, "roots")), 0),
            (.failed(Failure(.blocked, "P07")), 0), (.lost, 1),
            (.failed(Failure(.transient, "x")), 1), (.failed(Failure(.unreachable, "x")), 1),
            (.failed(Failure(.timedOut, "x")), 1), (.failed(Failure(.inDoubt, "x")), 1),
            (.failed(Failure(.identityMismatch, "x")), 1),
            (.failed(Failure(.interrupted, "x")), 1),
        ] as [(Outcome, Int)])
    func `stays until the step's verdict is journaled`(outcome: Outcome, left: Int) throws {
        try keep(baseline(by: attempt(1)))
        try keep(baseline(by: attempt(1, of: "edge-02")))
        try happen(.attemptStarted(attempt(1)), .attemptFinished(attempt(1), outcome))
        #expect(try count() == left + 1)
        #expect((try log.baseline(before: attempt(2)) != nil) == (left == 1))
        #expect(try log.baseline(before: attempt(2, of: "edge-02")) != nil)
    }

    @Test func `of a step that was left between two items goes: it was judged up to there`() throws
    {
        try keep(baseline(by: attempt(1), .betweenItems))
        try happen(.attemptFinished(attempt(1), .lost))
        #expect(try count() == 1)
        try happen(.attemptFinished(attempt(2), .failed(Failure(.interrupted, "the run halts"))))
        #expect(try count() == 0)
    }

    @Test func `that an earlier coordinator kept goes with the next one's verdict`() throws {
        try keep(baseline(by: attempt(1)))
        try lock.release(at: minute(2))
        let next = try database.acquire(lock.run, host: "here", pid: 2, at: minute(2))
        #expect(try CommandLog(database, lock: next).baseline(before: attempt(2)) != nil)
        var journal = RunJournal(database, lock: next)
        try journal.turn(at: minute(3)) { _ in
            [.attemptFinished(attempt(2), .succeeded(changed: true))]
        }
        #expect(try count() == 0)
    }

    @Test func `is gone when the run is over, and no other run's with it`() throws {
        let second = try database.leadNewRun(.small("other"))
        try keep(baseline(by: attempt(1)))
        try keep(baseline(by: attempt(1)), by: second)
        try happen(.runCompleted(withExceptions: true))
        #expect(try count() == 1)
        #expect(try CommandLog(database, lock: second).baseline(before: attempt(2)) != nil)
    }

    @Test func `a verdict that was not stored takes nothing away`() throws {
        try keep(baseline(by: attempt(1)))
        var journal = RunJournal(database, lock: lock)
        try database.supersede(lock)
        #expect(throws: JournalError.self) {
            try journal.turn(at: minute(2)) { _ in
                [.attemptFinished(attempt(1), .succeeded(changed: true))]
            }
        }
        #expect(try count() == 1)
    }

    @Test func `says that it is damaged when a letter of it was changed`() throws {
        try keep(baseline("cart: 3", by: attempt(1)))
        try database.queue.write { database in
            try database.execute(sql: "UPDATE baseline SET document = 'cart: 0'")
        }
        let kept = try #require(try log.baseline(before: attempt(2)))
        #expect(throws: UnreadableBaseline("it is damaged")) {
            try kept.expect(step: StepOutline("restart"), identity: "4711")
        }
    }

    @Test(arguments: ["1", "2", "3"])
    func `has room in a journal that an older version made, with all that is in it`(
        version: String
    ) throws {
        let older = try Scratch()
        let old = try DatabaseQueue(path: older.path)
        try JournalSchema.migrator.migrate(old, upTo: version)
        let plan = try PlanDocument(.small())
        try old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO plan (id, hash, createdAt, document) VALUES ('7F3K', ?, 0, ?);
                    INSERT INTO run (number, id, plan, createdAt) VALUES (1, '7F3K', '7F3K', 0);
                    INSERT INTO event (run, sequence, time, kind, cluster, phase, step, attempt)
                    VALUES (1, 1, 0, 'attemptStarted', 'edge-01', 0, 0, 1);
                    """,
                arguments: [plan.hash, plan.text])
        }
        try old.close()
        #expect(throws: JournalError.self) {
            try JournalDatabase.openForReading(path: older.path)
        }
        let journal = try older.open()
        #expect(try journal.reader.plan(matching: "7F3K").document == plan)
        #expect(
            try journal.reader.entries(of: "7F3K").map(\.event) == [.attemptStarted(attempt(1))])
        let lock = try journal.acquire("7F3K", host: "here", pid: 1, at: minute(1))
        let log = CommandLog(journal, lock: lock)
        try log.begin(.example(1, of: "7F3K"), keeping: baseline(by: attempt(1)))
        #expect(try log.baseline(before: attempt(2))?.text == "ünï")
        #expect(try JournalDatabase.openForReading(path: older.path).runs().count == 1)
    }
}

extension JournalDatabase {
    /// Takes the lead from whoever has it, as over a file system that knows no locks.
    fileprivate func supersede(_ lock: RunLock) throws {
        try queue.write { database in
            try database.execute(
                sql: "UPDATE run SET epoch = epoch + 1, host = 'there' WHERE number = ?",
                arguments: [lock.number])
        }
    }
}
