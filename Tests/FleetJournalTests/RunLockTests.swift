import FleetModel
import Foundation
import Testing

@testable import FleetJournal

@Suite struct `The lead of a run` {
    private let scratch: Scratch
    private let database: JournalDatabase

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
    }

    @Test func `is refused to a second coordinator, which is told who has it`() throws {
        let lock = try database.leadNewRun()
        let other = try scratch.open()
        let error = #expect(throws: JournalError.self) {
            try other.acquire(lock.run, host: "here", pid: 2, at: minute(99_999))
        }
        #expect(error?.exitCode == .heldElsewhere)
        #expect(error?.description.contains("is led by process 1 on here") == true)
        #expect(try other.reader.run(matching: lock.run.rawValue).isLed)
        #expect(try other.reader.coordinator(of: lock.run)?.epoch == lock.epoch)
    }

    @Test func `is refused to a second process`() async throws {
        let lock = try database.leadNewRun()
        let (path, run) = (scratch.path, lock.run.rawValue)
        await #expect(processExitsWith: .exitCode(ExitCode.heldElsewhere.rawValue)) {
            [path = path as String, run = run as String] in
            let journal = try JournalDatabase(path: path)
            do {
                _ = try journal.acquire(RunID(run), host: "here", pid: 2, at: minute(1))
            } catch let error as JournalError {
                exit(error.exitCode.rawValue)
            }
        }
        #expect(try database.reader.coordinator(of: lock.run)?.pid == 1)
    }

    @Test func `is free at once when its coordinator was killed`() async throws {
        let run = try database.leadNewRun().run
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, run = run.rawValue as String] in
            let journal = try JournalDatabase(path: path)
            let lock = try journal.acquire(RunID(run), host: "here", pid: 2, at: minute(1))
            withExtendedLifetime(lock) { _ = kill(getpid(), SIGKILL) }
        }
        #expect(try database.reader.coordinator(of: run)?.pid == 2)
        #expect(try !database.reader.run(matching: run.rawValue).isLed)
        let next = try database.acquire(run, host: "here", pid: 3, at: minute(1))
        #expect(next.epoch == 3)
    }

    @Test func `rises by one epoch each time`() throws {
        var lock = try database.leadNewRun()
        for epoch in 1...5 {
            #expect(lock.epoch == epoch)
            try lock.release(at: minute(1))
            lock = try database.acquire(lock.run, host: "here", pid: 1, at: minute(1))
        }
    }

    @Test func `is another for each run`() throws {
        let first = try database.leadNewRun(.small("a"))
        let second = try database.leadNewRun(.small("b"))
        try first.release(at: minute(1))
        #expect(try !database.reader.run(matching: first.run.rawValue).isLed)
        #expect(try database.reader.run(matching: second.run.rawValue).isLed)
    }

    @Test func `goes to another host when the first was silent for long enough`() throws {
        let run = try abandonedRun(lastHeard: minute(10))
        let limit = minute(10) + heartbeatLimit
        let justBefore = Timestamp(milliseconds: limit.milliseconds - 1)
        for moment in [minute(0), minute(10), justBefore] {
            let error = #expect(throws: JournalError.self) {
                try database.acquire(run, host: "there", pid: 2, at: moment)
            }
            #expect(error?.description.contains("resumed from elsewhere 2m 00s after") == true)
        }
        #expect(try database.acquire(run, host: "there", pid: 2, at: limit).epoch == 2)
    }

    @Test func `goes to another host at once when it was given back`() throws {
        let lock = try database.leadNewRun(host: "here")
        try lock.release(at: minute(1))
        #expect(try database.acquire(lock.run, host: "there", pid: 2, at: minute(1)).epoch == 2)
    }

    @Test func `once lost, lets a coordinator write nothing more`() throws {
        let old = try database.leadNewRun()
        var journal = RunJournal(database, lock: old)
        try journal.turn(at: minute(1)) { _ in [.runStarted(by: "ann")] }
        try old.release(at: minute(1))
        let new = try database.acquire(old.run, host: "there", pid: 2, at: minute(2))
        try database.send(.halt(by: "ann", reason: nil), to: old.run, at: minute(3))

        let holder = try #require(try database.reader.coordinator(of: old.run))
        let superseded = JournalError.superseded(old.run, by: holder)
        let note = ProgressNote("edge-01", "hi", at: minute(3))
        #expect(throws: superseded) {
            try journal.turn(at: minute(3)) { _ in
                Issue.record("a superseded coordinator was asked")
                return [.runHalted]
            }
        }
        #expect(throws: superseded) { try old.heartbeat(at: minute(3)) }
        #expect(throws: superseded) { try database.note([note], by: old) }
        #expect(throws: superseded) {
            try database.save(Checkpoint(sequence: 1, bytes: []), by: old)
        }
        #expect(throws: superseded) {
            try CommandLog(database, lock: old).begin(.example(1, of: old.run))
        }
        #expect(try database.reader.lastSequence(of: old.run) == 1)
        #expect(try database.reader.hasPendingControls(old.run))
        #expect(superseded.exitCode == .heldElsewhere)
        #expect(new.epoch == old.epoch + 1)
    }

    @Test func `is kept alive by turns and by heartbeats`() throws {
        let lock = try database.leadNewRun()
        var journal = RunJournal(database, lock: lock)
        func heard() throws -> Timestamp? {
            try database.reader.coordinator(of: lock.run)?.lastHeard
        }
        try lock.heartbeat(at: minute(1))
        #expect(try heard() == minute(1))
        try journal.turn(at: minute(2)) { _ in [] }
        #expect(try heard() == minute(2))
        try journal.turn(at: minute(2) + .seconds(9)) { _ in [] }
        #expect(try heard() == minute(2))
        try journal.turn(at: minute(2) + .seconds(10)) { _ in [] }
        #expect(try heard() == minute(2) + .seconds(10))
    }

    /// A run whose coordinator on the host "here" fell silent without a word.
    private func abandonedRun(lastHeard: Timestamp) throws -> RunID {
        let lock = try database.leadNewRun(host: "here")
        try lock.heartbeat(at: lastHeard)
        return lock.run
    }
}
