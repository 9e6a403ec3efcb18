import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `A journal's file` {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `is for its owner alone, with all that belongs to it`() throws {
        let path = scratch.directory + "/new/deep/journal.sqlite"
        let database = try JournalDatabase(path: path)
        let lock = try database.leadNewRun()
        for name in ["", "-wal", "-shm", ".lock"] {
            #expect(try scratch.permissions(of: "new/deep/journal.sqlite" + name) == 0o600)
        }
        for name in ["new", "new/deep"] { #expect(try scratch.permissions(of: name) == 0o700) }
        try lock.release(at: minute(1))
    }

    @Test func `is closed to others when it came from elsewhere`() throws {
        try scratch.open().close()
        #expect(chmod(scratch.path, 0o644) == 0)
        try scratch.open().close()
        #expect(try scratch.permissions(of: "journal.sqlite") == 0o600)
    }

    @Test func `waits for the disk, in write-ahead mode, and begins writing at once`() throws {
        let database = try scratch.open()
        #expect(try database.synchronous() == 2)
        let mode = try database.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
        let other = try scratch.open()
        try database.queue.write { _ in
            let error = #expect(throws: JournalError.self) { try other.write { _ in } }
            #expect(error?.isTrouble(.busy) == true)
        }
    }

    @Test func `says what it is`() throws {
        try scratch.open().close()
        let header = try scratch.bytes().prefix(72)
        #expect(Array(header[60..<64]) == [0, 0, 0, 4])
        #expect(Array(header[68..<72]) == Array("BELL".utf8))
    }

    /// Without its lock the next process that closes the journal would remove the log of one that
    /// goes on writing to it.
    @Test func `keeps its lock, however often this process looks into it besides`() throws {
        let database = try scratch.open()
        let witness = open(scratch.path, O_RDWR | O_CLOEXEC)
        try #require(witness >= 0)
        #expect(isLocked(witness))
        for _ in 0..<2 { _ = try JournalDatabase.openForReading(path: scratch.path).runs() }
        _ = try scratch.open()
        #expect(isLocked(witness))
        try database.close()
        close(witness)
    }

    /// Whether anybody has SQLite's shared lock on a file. Only the caller may close it, and not
    /// before the end: that would take the lock away.
    private func isLocked(_ descriptor: Int32) -> Bool {
        var request = flock()
        (request.l_type, request.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        (request.l_start, request.l_len) = (0x4000_0002, 510)
        // `F_OFD_GETLK`: for another owner than this process.
        return fcntl(descriptor, 36, &request) == 0 && Int32(request.l_type) != F_UNLCK
    }

    @Test func `holds many plans and runs`() throws {
        let database = try scratch.open()
        let locks = try (1...5).map { try database.leadNewRun(.small("\($0)")) }
        for (index, lock) in locks.enumerated() {
            var journal = RunJournal(database, lock: lock)
            for number in 0...index {
                try journal.turn(at: minute(1)) { _ in [.runStarted(by: "\(number)")] }
            }
        }
        let runs = try database.reader.runs()
        #expect(runs.map(\.lastSequence) == [5, 4, 3, 2, 1])
        #expect(runs.map(\.id) == locks.reversed().map(\.run))
    }

    @Test func `is finished by the next one when its maker died`() throws {
        let half = try DatabaseQueue(path: scratch.path)
        try half.write { database in
            try database.execute(
                sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try half.close()
        _ = try scratch.open().leadNewRun()
        #expect(try scratch.open().reader.runs().count == 1)
    }

    @Test(.timeLimit(.minutes(10))) func `is made once when many make it at once`() async throws {
        let path = scratch.path
        try await withThrowingTaskGroup { group in
            for number in 1...8 {
                group.addTask {
                    let journal = try JournalDatabase(path: path)
                    _ = try journal.save(try PlanDocument(.small("\(number)")), at: minute(1))
                }
            }
            try await group.waitForAll()
        }
        #expect(try scratch.open().reader.planIDs().count == 8)
    }
}

@Suite struct `A bad journal is refused` {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: [
        Array("apiVersion: v1\nkind: List\n".utf8), [0], [UInt8](repeating: 0, count: 8_192),
        [UInt8](repeating: 255, count: 100_000),
    ])
    func `when it isn't SQLite`(bytes: [UInt8]) throws {
        try scratch.overwrite(bytes)
        expectRefusal(.foreign, code: .badInput)
        expectRefusalToRead(.foreign)
        #expect(try scratch.bytes() == bytes)
    }

    @Test func `when it is another program's database`() throws {
        let other = try DatabaseQueue(path: scratch.path)
        try other.write { try $0.execute(sql: "CREATE TABLE cow (name TEXT)") }
        try other.close()
        let before = try scratch.bytes()
        #expect(chmod(scratch.path, 0o644) == 0)
        expectRefusal(.foreign, code: .badInput)
        expectRefusalToRead(.foreign)
        #expect(try scratch.bytes() == before)
        #expect(try scratch.permissions(of: "journal.sqlite") == 0o644)
    }

    @Test func `when a newer version wrote it`() throws {
        let database = try scratch.open()
        try database.queue.write { try $0.execute(sql: "PRAGMA user_version = 5") }
        try database.close()
        let before = try scratch.bytes()
        let error = expectRefusal(.newer, code: .unavailable)
        #expect(error?.problem.contains("format 5, this one writes 4") == true)
        expectRefusalToRead(.newer)
        #expect(try scratch.bytes() == before)
    }

    @Test func `for reading when an older version wrote it`() throws {
        let database = try scratch.open()
        try database.queue.write { try $0.execute(sql: "PRAGMA user_version = 0") }
        try database.close()
        expectRefusalToRead(.older)
    }

    @Test func `when its header is damaged`() throws {
        var bytes = try filledJournal()
        bytes.replaceSubrange(0..<4, with: [1, 2, 3, 4])
        try scratch.overwrite(bytes)
        expectRefusal(.foreign, code: .badInput)
    }

    @Test(arguments: [0.9, 0.5, 0.2]) func `when its end is missing`(share: Double) throws {
        let bytes = try filledJournal()
        try scratch.overwrite(Array(bytes.prefix(Int(Double(bytes.count) * share))))
        let error = expectRefusal(.damaged, code: .badInput)
        #expect(error?.hint?.contains(".recover") == true)
    }

    @Test func `when a page is damaged`() throws {
        var bytes = try filledJournal()
        let middle = bytes.count / 2 / 4_096 * 4_096
        bytes.replaceSubrange(middle..<middle + 4_096, with: [UInt8](repeating: 7, count: 4_096))
        try scratch.overwrite(bytes)
        expectRefusal(.damaged, code: .badInput)
    }

    @Test func `when it was emptied but its latest events are still beside it`() throws {
        try scratch.overwrite([])
        try scratch.overwrite([1, 2, 3], name: "journal.sqlite-wal")
        expectRefusal(.damaged, code: .badInput)
        #expect(try scratch.bytes(of: "journal.sqlite-wal") == [1, 2, 3])
    }

    @Test func `when there is nothing to read`() throws {
        expectRefusalToRead(.missing)
        try scratch.overwrite([])
        expectRefusalToRead(.missing)
        #expect(try scratch.bytes().isEmpty)
    }

    @Test func `when its place is a directory, a device or no place at all`() {
        for path in [scratch.directory, "/dev/null", "/proc/journal.sqlite", "/dev/null/x"] {
            let error = #expect(throws: JournalError.self) { try JournalDatabase(path: path) }
            #expect(error?.place != nil)
            #expect([.badInput, .unavailable].contains(error?.exitCode))
        }
    }

    @Test(.enabled(if: getuid() != 0, "root may open anything"), arguments: [0o000, 0o400])
    func `when we may not write it`(mode: mode_t) throws {
        try scratch.open().close()
        #expect(chmod(scratch.path, mode) == 0)
        expectRefusal(.inaccessible, code: .unavailable)
    }

    /// A journal of a few hundred pages, closed.
    private func filledJournal() throws -> [UInt8] {
        let database = try scratch.open()
        var journal = RunJournal(database, lock: try database.leadNewRun())
        let reason = String(repeating: "x", count: 300)
        try journal.turn(at: minute(1)) { _ in
            (1...2_000).map { .runAborted(by: "\($0)", reason: reason) }
        }
        try database.close()
        return try scratch.bytes()
    }

    @discardableResult private func expectRefusal(
        _ trouble: StorageTrouble, code: ExitCode,
        at location: Testing.SourceLocation = #_sourceLocation
    ) -> JournalError? {
        let error = #expect(throws: JournalError.self, sourceLocation: location) {
            try scratch.open()
        }
        #expect(
            error?.isTrouble(trouble) == true, "\(String(describing: error))",
            sourceLocation: location)
        #expect(error?.exitCode == code, sourceLocation: location)
        #expect(error?.place == scratch.path, sourceLocation: location)
        return error
    }

    private func expectRefusalToRead(
        _ trouble: StorageTrouble, at location: Testing.SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: JournalError.self, sourceLocation: location) {
            try JournalDatabase.openForReading(path: scratch.path)
        }
        #expect(
            error?.isTrouble(trouble) == true, "\(String(describing: error))",
            sourceLocation: location)
    }
}
