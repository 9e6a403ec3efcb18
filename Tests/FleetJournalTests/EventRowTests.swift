import FleetModel
import FleetTestKit
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `An event in the journal` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let lock: RunLock

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
    }

    /// These rows are in every journal ever written; they may be added to, never changed.
    @Test func `looks as it has always looked`() throws {
        let attempt = Attempt(cluster: "edge-01", phase: 1, step: 2, number: 3)
        let wave = WavePosition(phase: 1, wave: 2)
        try store([
            .attemptStarted(attempt),
            .attemptFinished(attempt, .succeeded(changed: true)),
            .attemptFinished(attempt, .failed(Failure(.timedOut, "no answer"))),
            .identityPinned("edge-01", uid: "6f1d"),
            .soakStarted(wave, until: minute(2)),
            .runHalting(.failureBudgetSpent(wave, failed: ["edge-01"])),
            .runResumed(by: "ann", failures: .accept(reason: "known")),
            .runCompleted(withExceptions: true), .runStarted(by: "ann"),
            .runStarted(by: "ann", reason: "the patch is in"),
            .findingWaived(attempt, WaivedFinding("P07", "it is down", because: "CHG-7")),
        ])
        #expect(
            try rows() == [
                "attemptStarted|edge-01|1|2|3|||",
                "attemptFinished|edge-01|1|2|3|changed||",
                "attemptFinished|edge-01|1|2|3|timedOut|no answer|",
                "identityPinned|edge-01|||||6f1d|",
                #"soakStarted|||||||{"soakStarted":{"_0":{"phase":1,"wave":2},"until":{"milliseconds":120000}}}"#,
                #"runHalting|||||||{"runHalting":{"_0":{"failureBudgetSpent":{"_0":{"phase":1,"wave":2},"failed":["edge-01"]}}}}"#,
                #"runResumed|||||||{"runResumed":{"by":"ann","failures":{"accept":{"reason":"known"}}}}"#,
                #"runCompleted|||||||{"runCompleted":{"withExceptions":true}}"#,
                // As it was written before a reason was, and with one, which older programs skip.
                #"runStarted|||||||{"runStarted":{"by":"ann"}}"#,
                #"runStarted|||||||{"runStarted":{"by":"ann","reason":"the patch is in"}}"#,
                #"findingWaived|||||||{"findingWaived":{"_0":{"cluster":"edge-01","number":3,"phase":1,"step":2},"_1":{"check":"P07","reason":"CHG-7","words":"it is down"}}}"#,
            ])
    }

    @Test func `of every kind has a word of its own`() {
        let kinds = Set(ContractEvents.all.map(EventKind.init))
        #expect(kinds == Set(EventKind.allCases))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `is read back as it was stored, whatever is in it`(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        let turns = (0..<10).map { _ in events.next(upTo: 20) }
        var journal = RunJournal(database, lock: lock)
        for turn in turns { try journal.turn(at: minute(1)) { _ in turn } }
        #expect(try journal.entries().map(\.event) == turns.flatMap(\.self))
    }

    @Test(arguments: [
        "UPDATE event SET detail = 'x'", "DELETE FROM event",
        "INSERT OR REPLACE INTO event (run, sequence, time, kind) VALUES (1, 1, 0, 'runHalted')",
        "UPDATE plan SET document = '{}'",
    ])
    func `can't be changed or deleted`(statement: String) throws {
        try store([.runStarted(by: "ann")])
        #expect(throws: DatabaseError.self) {
            try database.queue.write { try $0.execute(sql: statement) }
        }
        #expect(try database.reader.entries(of: lock.run).map(\.event) == [.runStarted(by: "ann")])
    }

    @Test(arguments: [
        "kind = 'cowJumped'", "cluster = NULL", "outcome = 'perhaps'", "outcome = NULL",
        "document = '{'",
    ])
    func `that makes no sense is an error and not a crash`(change: String) throws {
        try store([
            .attemptFinished(Attempt(cluster: "a", phase: 0, step: 0, number: 1), .lost)
        ])
        try database.queue.write { database in
            try database.execute(sql: "DROP TRIGGER eventIsNeverChanged")
            try database.execute(sql: "UPDATE event SET \(change)")
        }
        let error = #expect(throws: JournalError.self) { try database.reader.entries(of: lock.run) }
        #expect(error?.isTrouble(.damaged) == true)
    }

    private func store(_ events: [Event]) throws {
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(1)) { _ in events }
    }

    private func rows() throws -> [String] {
        try database.queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT kind || '|' || ifnull(cluster, '') || '|' || ifnull(phase, '') || '|'
                    || ifnull(step, '') || '|' || ifnull(attempt, '') || '|'
                    || ifnull(outcome, '') || '|' || ifnull(detail, '') || '|'
                    || ifnull(document, '') FROM event ORDER BY sequence
                    """)
        }
    }
}

extension JournalError {
    func isTrouble(_ expected: StorageTrouble) -> Bool {
        if case .storage(expected, _, _) = self { true } else { false }
    }
}
