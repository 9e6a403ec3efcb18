import FleetModel
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `Progress in the journal` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let lock: RunLock

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
    }

    @Test func `is the latest words about each cluster`() throws {
        try note("edge-02", "reads", 1)
        try note("edge-01", "acts", 2)
        try note("edge-02", "waits", 3)
        let notes = try JournalDatabase.openForReading(path: scratch.path).notes(of: lock.run)
        #expect(
            notes == [
                ProgressNote("edge-01", "acts", at: minute(2)),
                ProgressNote("edge-02", "waits", at: minute(3)),
            ])
        #expect(try database.reader.lastSequence(of: lock.run) == 0)
    }

    @Test func `is short`() throws {
        try note("edge-01", String(repeating: "🐑\u{0}", count: 9_999), 1)
        #expect(try database.reader.notes(of: lock.run).first?.text.count ?? 999 <= 400)
    }

    @Test func `doesn't make later turns less durable`() throws {
        try note("edge-01", "acts", 1)
        #expect(try database.synchronous() == 2)
        let unknown = JournalError.storage(.damaged, path: "", detail: "")
        #expect(throws: JournalError.self) { try database.writeQuickly { _ in throw unknown } }
        #expect(try database.synchronous() == 2)
    }

    @Test func `up to a checkpoint need not be read again`() throws {
        var journal = RunJournal(database, lock: lock)
        for number in 1...9 {
            try journal.turn(at: minute(1)) { _ in [.runStarted(by: "\(number)")] }
        }
        let reader = try JournalDatabase.openForReading(path: scratch.path)
        #expect(try reader.latest(of: lock.run).checkpoint == nil)
        #expect(try reader.latest(of: lock.run).entries.count == 9)
        for sequence in [3, 7] {
            try database.save(Checkpoint(sequence: sequence, bytes: [0, 255]), by: lock)
        }
        #expect(
            try reader.latestCheckpoint(of: lock.run) == Checkpoint(sequence: 7, bytes: [0, 255]))
        let latest = try reader.latest(of: lock.run)
        #expect(latest.checkpoint?.sequence == 7)
        #expect(latest.entries.map(\.sequence) == [8, 9])
        #expect(try journal.entries(after: 8).map(\.event) == [.runStarted(by: "9")])
    }

    @Test func `beyond the events there are is not believed`() throws {
        try database.save(Checkpoint(sequence: 1, bytes: []), by: lock)
        #expect(try database.reader.latestCheckpoint(of: lock.run) == nil)
        #expect(try database.reader.latest(of: lock.run).entries.isEmpty)
    }

    private func note(_ cluster: ClusterName, _ text: String, _ time: Int64) throws {
        try database.note([ProgressNote(cluster, text, at: minute(time))], by: lock)
    }
}

extension JournalDatabase {
    /// SQLite's present level: 2 is FULL.
    func synchronous() throws -> Int? {
        try queue.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
    }
}
