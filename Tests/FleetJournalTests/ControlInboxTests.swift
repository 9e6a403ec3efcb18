import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `The inbox` {
    private let scratch: Scratch
    private let database: JournalDatabase

    init() throws {
        scratch = try Scratch()
        database = try scratch.open(patience: .seconds(5))
    }

    @Test func `says whether anything is pending`() throws {
        let lock = try database.leadNewRun()
        let reader = try JournalDatabase.openForReading(path: scratch.path)
        #expect(try !reader.hasPendingControls(lock.run))
        try scratch.open().send(.halt(by: "ann", reason: nil), to: lock.run, at: minute(1))
        #expect(try reader.hasPendingControls(lock.run))
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(2)) { _ in [] }
        #expect(try !reader.hasPendingControls(lock.run))
        #expect(try !reader.hasPendingControls("ZZZZ"))
    }

    @Test func `takes nothing for a run that is over or unknown`() throws {
        let lock = try database.leadNewRun()
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(1)) { _ in [.runCompleted(withExceptions: false)] }
        #expect(throws: JournalError.runIsOver(lock.run, .completed)) {
            try database.send(.halt(by: "ann", reason: nil), to: lock.run, at: minute(2))
        }
        #expect(throws: JournalError.unknownRun("ZZZZ", near: [lock.run])) {
            try database.send(.halt(by: "ann", reason: nil), to: "ZZZZ", at: minute(2))
        }
    }

    @Test func `belongs to one run`() throws {
        let (first, second) = (
            try database.leadNewRun(.small("a")), try database.leadNewRun(.small("b"))
        )
        try database.send(.halt(by: "ann", reason: nil), to: second.run, at: minute(1))
        var journal = RunJournal(database, lock: first)
        try journal.turn(at: minute(2)) { controls in
            #expect(controls.isEmpty)
            return []
        }
        #expect(try database.reader.hasPendingControls(second.run))
    }

    /// Another process halts at an unknown moment while turns are taken one
    /// after the other, each of which starts an attempt unless it was told to halt.
    @Test(.timeLimit(.minutes(10)), arguments: 1...10)
    func `never lets an attempt start after a halt was recorded`(round: Int) async throws {
        let lock = try database.leadNewRun(.small("\(round)"))
        let (path, run) = (scratch.path, lock.run.rawValue)
        let coordinator = HaltableCoordinator(RunJournal(database, lock: lock))
        await #expect(processExitsWith: .success) {
            [path = path as String, run = run as String, round = round as Int] in
            let journal = try JournalDatabase(path: path)
            while try journal.reader.lastSequence(of: RunID(run)) < 7 * round {}
            for name in ["ann", "bob", "eve"] {
                try journal.send(.halt(by: name, reason: nil), to: RunID(run), at: minute(1))
            }
        }
        try await coordinator.end()
        let order = try orderOfHaltsAndStarts(lock)
        #expect(order.lastStart <= order.firstHalt)
        #expect(order.lastStart >= 7 * round)
    }

    private func orderOfHaltsAndStarts(
        _ lock: RunLock
    ) throws -> (firstHalt: Int, lastStart: Int) {
        try database.queue.read { database in
            let starts = "SELECT max(sequence) FROM event WHERE run = ? AND kind = 'attemptStarted'"
            let halts = "SELECT min(sentAfter) FROM control WHERE run = ?"
            return (
                try Int.fetchOne(database, sql: halts, arguments: [lock.number]) ?? -1,
                try Int.fetchOne(database, sql: starts, arguments: [lock.number]) ?? 0
            )
        }
    }
}
