import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `When the disk is full` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let lock: RunLock

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
    }

    @Test func `a turn is refused whole, and works again when there is room`() throws {
        var journal = RunJournal(database, lock: lock)
        try journal.turn(at: minute(1)) { _ in [.runStarted(by: "ann")] }
        try database.send(.halt(by: "ann", reason: nil), to: lock.run, at: minute(2))
        try limitPages(to: 1)
        let error = #expect(throws: JournalError.self) {
            try journal.turn(at: minute(3)) { _ in longTurn }
        }
        #expect(error?.isTrouble(.full) == true)
        #expect(error?.exitCode == .unavailable)
        #expect(try journal.entries().map(\.event) == [.runStarted(by: "ann")])
        #expect(try database.reader.hasPendingControls(lock.run))

        try limitPages(to: 1_000_000)
        try journal.turn(at: minute(4)) { controls in
            #expect(controls == [.halt(by: "ann", reason: nil)])
            return longTurn
        }
        #expect(try journal.entries().count == 1 + longTurn.count)
    }

    @Test func `no half-written plan or run is left`() throws {
        let (plans, runs) = (try database.reader.planIDs(), try database.reader.runs())
        try limitPages(to: 1)
        let large = try PlanDocument(.small(String(repeating: "x", count: 100_000)))
        let error = #expect(throws: JournalError.self) { try database.save(large, at: minute(1)) }
        #expect(error?.isTrouble(.full) == true)
        #expect(try database.reader.planIDs() == plans)
        #expect(try database.reader.runs() == runs)
    }

    /// The file size limit of the process stands in for the disk: SQLite sees
    /// the write itself fail, in the middle of the log.
    @Test func `events of whole turns survive a write that fails half-way`() async throws {
        let (path, run) = (scratch.path, lock.run.rawValue)
        try lock.release(at: minute(1))
        await #expect(processExitsWith: .exitCode(ExitCode.unavailable.rawValue)) {
            [path = path as String, run = run as String] in
            let database = try JournalDatabase(path: path)
            let lock = try database.acquire(RunID(run), host: "here", pid: 2, at: minute(1))
            var journal = RunJournal(database, lock: lock)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 400_000, rlim_max: 400_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            do {
                while true { try journal.turn(at: minute(2)) { _ in longTurn } }
            } catch let error as JournalError {
                exit(error.exitCode.rawValue)
            }
        }
        let count = try scratch.open().reader.entries(of: lock.run).count
        #expect(count > 0 && count % longTurn.count == 0)
    }

    private func limitPages(to count: Int) throws {
        _ = try database.queue.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(count)")
        }
    }
}

private let longTurn: [Event] = (1...100).map {
    .runAborted(by: "\($0)", reason: String(repeating: "x", count: 500))
}
