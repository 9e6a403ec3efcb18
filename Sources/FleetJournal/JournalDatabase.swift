import FleetModel
import Foundation
import GRDB

/// A file that keeps plans, their runs, and everything that happened in them.
///
/// It is SQLite in WAL mode with `synchronous=FULL`: what a call has written
/// when it returns is on the disk, and one process writes while any number
/// read. What may be asked of it without writing is on ``reader``.
public final class JournalDatabase: Sendable {
    public let path: String
    /// Everything that can be read, by the same connection.
    public let reader: JournalReader
    let queue: DatabaseQueue

    /// Opens a journal, and makes a new one where there is none, in a directory
    /// that is made too, both for their owner alone.
    ///
    /// `patience` is how long to wait while another process writes.
    ///
    /// - Throws: ``JournalError/storage(_:path:detail:)`` when the file is no
    ///   journal, or none that can be written.
    public init(path: String, patience: Duration = .seconds(5)) throws(JournalError) {
        let file = JournalFile(path: path)
        try file.prepare()
        do {
            queue = try Self.open(file, patience: patience)
        } catch {
            throw JournalError(error, at: path)
        }
        self.path = path
        reader = JournalReader(path: path, queue: queue)
    }

    /// Opens a journal to write into it, and makes none: a run is in the journal that it was
    /// begun in, and an empty one in the wrong directory would only hide that.
    public static func openExisting(path: String) throws(JournalError) -> JournalDatabase {
        try JournalFile(path: path).expectToExist()
        return try JournalDatabase(path: path)
    }

    /// Opens a journal to look into it, beside a coordinator or after its death.
    ///
    /// No lock is taken that a writer would have to wait for, and nothing in
    /// the journal changes.
    public static func openForReading(
        path: String, patience: Duration = .seconds(5)
    ) throws(JournalError) -> JournalReader {
        try JournalFile(path: path).expectToExist()
        do {
            var configuration = Self.configuration(patience: patience)
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { try JournalIdentity(of: $0).expectReadable(at: path) }
            return JournalReader(path: path, queue: queue)
        } catch {
            throw JournalError(error, at: path)
        }
    }

    /// Closes the file. Any later call fails.
    public func close() throws(JournalError) {
        do { try queue.close() } catch { throw JournalError(error, at: path) }
    }
}

// MARK: - Writing

extension JournalDatabase {
    /// Does everything in one durable transaction, or nothing.
    func write<Value>(_ change: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try queue.write(change) } catch { throw JournalError(error, at: path) }
    }

    /// The same without waiting for the disk: a power cut may undo it. It is
    /// for what is nice to know, never for what anything is decided by.
    ///
    /// The connection serves one caller at a time, so no other transaction
    /// can be committed while `synchronous` is lowered.
    func writeQuickly(_ change: (Database) throws -> Void) throws(JournalError) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                let outcome = Result {
                    try database.inTransaction(.immediate) {
                        try change(database)
                        return .commit
                    }
                }
                try Self.makeDurable(database)
                try outcome.get()
            }
        } catch {
            throw JournalError(error, at: path)
        }
    }
}

// MARK: - Opening

extension JournalDatabase {
    private static func configuration(patience: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .callback(retry(for: patience))
        return configuration
    }

    /// Tries again every millisecond while another process writes.
    ///
    /// SQLite's own way waits ever longer, up to 100 ms, so that beside a
    /// coordinator that takes turn after turn a halt could wait for seconds.
    private static func retry(for patience: Duration) -> Database.BusyCallback {
        let limit = patience.inMilliseconds
        return { tries in
            guard tries < limit else { return false }
            usleep(1_000)
            return true
        }
    }

    private static func open(_ file: JournalFile, patience: Duration) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(
            path: file.path, configuration: configuration(patience: patience))
        let identity = try queue.read { try JournalIdentity(of: $0) }
        try identity.expectWritable(at: file.path)
        file.tighten()
        try queue.writeWithoutTransaction { database in
            try retrying(for: patience) { try useWriteAheadLog(database) }
            try makeDurable(database)
            if file.size <= quickCheckLimit { try check(database) }
        }
        try migrate(queue, patience: patience)
        return queue
    }

    private static func useWriteAheadLog(_ database: Database) throws {
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            let words = "write-ahead logging is not possible here, only \(mode ?? "nothing")"
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: words)
        }
    }

    /// Makes every commit wait for the disk. GRDB would rather not: it lowers
    /// this itself when it is told to use WAL, hence the look afterwards.
    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        precondition(level == 2, "The journal isn't durable: synchronous is \(level ?? -1).")
    }

    private static func check(_ database: Database) throws {
        let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
        guard finding == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: finding)
        }
    }

    /// Brings the tables up to date. When two processes do so at once the second finds a step
    /// done that it was about to do, or the journal locked at once, for it had begun to read what
    /// the first has written since. It goes on from where the other has come.
    private static func migrate(_ queue: DatabaseQueue, patience: Duration) throws {
        while true {
            let before = try queue.read { try JournalIdentity(of: $0).version }
            do {
                return try retrying(for: patience) { try JournalSchema.migrator.migrate(queue) }
            } catch {
                let version = try queue.read { try JournalIdentity(of: $0).version }
                guard version > before else { throw error }
            }
        }
    }

    /// Where SQLite gives up at once, without asking ``retry(for:)``: when a lock can't be had
    /// that somebody else waits for, too.
    private static func retrying(for patience: Duration, _ body: () throws -> Void) throws {
        for tries in 0... {
            do { return try body() } catch let error as DatabaseError {
                guard error.resultCode == .SQLITE_BUSY, tries < patience.inMilliseconds else {
                    throw error
                }
                usleep(1_000)
            }
        }
    }
}

/// Up to this size a journal is checked for damage whenever it is opened for
/// writing: about 20 ms. A larger one is checked as its pages are read.
private let quickCheckLimit: Int64 = 8 << 20
