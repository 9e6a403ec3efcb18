import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `After a kill` {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A child takes turns as fast as it can and is killed after a while that
    /// nobody chose. Turn n holds n % 7 + 1 events that all say n. What the
    /// child was told is stored it notes in a file, one byte for each turn.
    @Test(.timeLimit(.minutes(10)), arguments: 1...24)
    func `the journal holds whole turns, and every one that was reported`(
        seed: Int
    ) async throws {
        let database = try scratch.open()
        let lock = try database.leadNewRun()
        try lock.release(at: minute(1))
        try database.close()
        try scratch.overwrite([], name: "reported")
        let (directory, run) = (scratch.directory, lock.run.rawValue)
        let microseconds = 500 * seed * seed % 60_000
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [
                directory = directory as String, run = run as String,
                microseconds = microseconds as Int
            ] in
            try takeTurnsUntilKilled(directory, RunID(run), after: microseconds)
        }
        // Whoever only looks sees what is there, while the log is still hot.
        let looked = try JournalDatabase.openForReading(path: scratch.path).entries(of: lock.run)
        let reopened = try scratch.open()
        let entries = try reopened.reader.entries(of: lock.run)
        #expect(looked == entries)
        let turns = try wholeTurns(entries)
        let reported = try scratch.bytes(of: "reported").count
        #expect(turns == reported || turns == reported + 1)

        var journal = RunJournal(
            reopened, lock: try reopened.acquire(lock.run, host: "here", pid: 3, at: minute(2)))
        try journal.turn(at: minute(2)) { _ in [.runHalted] }
        #expect(try journal.entries().last?.sequence == entries.count + 1)
    }

    /// How many turns there are, each whole and each after the one before.
    private func wholeTurns(_ entries: [JournalEntry]) throws -> Int {
        var (turn, rest) = (0, entries[...])
        while !rest.isEmpty {
            turn += 1
            let events = rest.prefix(turn % 7 + 1).map(\.event)
            #expect(events == turnEvents(turn))
            rest = rest.dropFirst(turn % 7 + 1)
        }
        #expect(entries.map(\.sequence) == Array(1...max(1, entries.count)).suffix(entries.count))
        return turn
    }

    @Test func `what a coordinator was doing can still be read`() async throws {
        let database = try scratch.open()
        let run = try database.leadNewRun().run
        let path = scratch.path
        try database.close()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, run = run.rawValue as String] in
            let database = try JournalDatabase(path: path)
            let lock = try database.acquire(RunID(run), host: "here", pid: 2, at: minute(1))
            var journal = RunJournal(database, lock: lock)
            try journal.turn(at: minute(1)) { _ in [.runStarted(by: "ann")] }
            try CommandLog(database, lock: lock).begin(.example(1, of: RunID(run)))
            try database.note([ProgressNote("edge-01", "acts", at: minute(1))], by: lock)
            kill(getpid(), SIGKILL)
        }
        let reader = try JournalDatabase.openForReading(path: path)
        #expect(try reader.run(matching: run.rawValue).state == .running)
        #expect(try reader.openRecords(of: run) == [.example(1, of: run)])
        #expect(try reader.notes(of: run).map(\.text) == ["acts"])
    }

    @Test func `readers see a moment while turns go on`() throws {
        let database = try scratch.open()
        let lock = try database.leadNewRun()
        var journal = RunJournal(database, lock: lock)
        let reader = try JournalDatabase.openForReading(path: scratch.path)
        for turn in 1...50 {
            try journal.turn(at: minute(1)) { _ in
                let seen = try reader.entries(of: lock.run)
                #expect(try wholeTurns(seen) == turn - 1)
                return turnEvents(turn)
            }
        }
    }
}

private func turnEvents(_ turn: Int) -> [Event] {
    let attempt = Attempt(cluster: "edge-01", phase: 0, step: 0, number: turn)
    return Array(repeating: .attemptStarted(attempt), count: turn % 7 + 1)
}

private func takeTurnsUntilKilled(
    _ directory: String, _ run: RunID, after microseconds: Int
) throws {
    let database = try JournalDatabase(path: directory + "/journal.sqlite")
    let lock = try database.acquire(run, host: "here", pid: 2, at: minute(1))
    var journal = RunJournal(database, lock: lock)
    let reported = open(directory + "/reported", O_WRONLY | O_APPEND)
    Thread.detachNewThread {
        usleep(UInt32(microseconds))
        kill(getpid(), SIGKILL)
    }
    for turn in 1... {
        try journal.turn(at: minute(1)) { _ in turnEvents(turn) }
        write(reported, "x", 1)
    }
}
