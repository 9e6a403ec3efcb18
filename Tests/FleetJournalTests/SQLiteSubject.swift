import FleetJournal
import FleetModel
import FleetTestKit

/// The journal in SQLite, held to the contract on a real file.
struct SQLiteSubject: JournalSubject {
    var journal: RunJournal
    private let scratch: Scratch
    private var lock: RunLock
    private var database: JournalDatabase

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
        journal = RunJournal(database, lock: lock)
    }

    mutating func send(_ control: Control, at now: Timestamp) throws {
        try scratch.open().send(control, to: lock.run, at: now)
    }

    mutating func reopen() throws {
        try lock.release(at: minute(9))
        try database.close()
        database = try scratch.open()
        lock = try database.acquire(lock.run, host: "here", pid: 2, at: minute(9))
        journal = RunJournal(database, lock: lock)
    }
}

/// The journal in memory, which outlives nothing but its coordinator.
struct InMemorySubject: JournalSubject {
    var journal = InMemoryJournal()

    mutating func send(_ control: Control, at now: Timestamp) throws { journal.send(control) }

    mutating func reopen() throws {}
}
