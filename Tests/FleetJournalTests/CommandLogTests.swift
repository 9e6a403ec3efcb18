import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `The record of a command` {
    private let scratch: Scratch
    private let database: JournalDatabase
    private let lock: RunLock

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        lock = try database.leadNewRun()
    }

    @Test func `is open until the command's end is recorded`() throws {
        let log = CommandLog(database, lock: lock)
        let records = (1...3).map { CommandRecord.example($0, of: lock.run) }
        for record in records { try log.begin(record) }
        #expect(try reader().openRecords(of: lock.run) == records)
        try log.finish(records[1].id, CommandResult(.exited(0)), redactions: [])
        #expect(try reader().openRecords(of: lock.run) == [records[0], records[2]])
        #expect(try reader().openCommands() == [records[0].id, records[2].id])
        #expect(try reader().records(of: lock.run).map(\.id) == records.map(\.id))
        #expect(
            try reader().records(of: lock.run, latest: 2).map(\.id) == records.dropFirst().map(\.id)
        )
    }

    @Test(
        arguments: [
            .exited(0), .exited(-1), .signalled(9), .timedOut, .cancelled,
            .notStarted("no\u{0}kubectl"),
            .lost("the bastion's gone"),
        ] as [CommandResult.Ending])
    func `is read back as it was written`(ending: CommandResult.Ending) throws {
        let command = Command(
            ["kubectl", "--context", "ünï", "it's"], stdin: "a: 1\n\u{0}", place: .bastion("ams"),
            deadline: .milliseconds(1_500), isMutating: true, purpose: "apply it")
        var record = CommandRecord.example(1, of: lock.run, command: command)
        var result = CommandResult(
            ending, stdout: [0, 255, 10], stderr: [], isTruncated: true,
            duration: .nanoseconds(1_234_567_891))
        if ending == .cancelled { result.killed = ["4711 sh", "4712 ünï"] }
        let log = CommandLog(database, lock: lock)
        try log.begin(record)
        try log.finish(record.id, result, redactions: [])
        record.result = result
        #expect(try reader().records(of: lock.run) == [record])
    }

    @Test func `is found by its cluster`() throws {
        let log = CommandLog(database, lock: lock)
        for (ordinal, cluster) in ["a", "b", "a", "ab"].enumerated() {
            try log.begin(.example(ordinal, of: lock.run, cluster: ClusterName(cluster)))
        }
        let found = try reader().records(of: lock.run, cluster: "a")
        #expect(found.map(\.startedAt) == [minute(0), minute(2)])
        #expect(try reader().records(of: lock.run, cluster: "zzz").isEmpty)
    }

    @Test func `keeps the first start and the first end it was told`() throws {
        let log = CommandLog(database, lock: lock)
        let record = CommandRecord.example(1, of: lock.run)
        try log.begin(record)
        let again = Command(["other"], isMutating: true)
        try log.begin(.example(1, of: lock.run, command: again))
        try log.finish(record.id, CommandResult(.exited(0)), redactions: [])
        try log.finish(record.id, CommandResult(.lost("who knows")), redactions: [])
        let kept = try #require(try reader().records(of: lock.run).first)
        #expect(kept.command == record.command)
        #expect(kept.result?.ending == .exited(0))
    }

    @Test func `keeps no output of a command whose secrets died with their coordinator`() throws {
        let command = Command(["tool", "hunter2"], isMutating: true, redactions: ["hunter2"])
        let log = CommandLog(database, lock: lock)
        let record = CommandRecord.example(1, of: lock.run, command: command)
        try log.begin(record)
        let takenUp = try #require(try reader().openRecords(of: lock.run).first)
        let result = CommandResult(.exited(1), stdout: Array("hunter2 is wrong".utf8))
        try log.finish(takenUp.id, result, redactions: takenUp.command.redactions)
        let kept = try #require(try reader().records(of: lock.run).first?.result)
        #expect(kept.stdoutText.hasPrefix("[REDACTED]"))
        #expect(!kept.stdoutText.contains("hunter2"))
        #expect(kept.stderr.isEmpty)
    }

    @Test func `holds no secret, wherever it was`() throws {
        let secret = "hunter2"
        let command = Command(
            ["curl", "-u", "ann:\(secret)"], stdin: "password: \(secret)", isMutating: true,
            redactions: [secret], purpose: "use \(secret)")
        let record = CommandRecord.example(1, of: lock.run, command: command)
        let long = [UInt8](repeating: 120, count: 300_000) + Array(secret.utf8)
        let log = CommandLog(database, lock: lock)
        try log.begin(record)
        try log.finish(
            record.id,
            CommandResult(
                .exited(1), stdout: long, stderr: [255] + Array("x\(secret)\(secret)".utf8)),
            redactions: command.redactions)
        let kept = try #require(try reader().records(of: lock.run).first)
        #expect(kept.command.argv.last == "ann:[REDACTED]")
        #expect(kept.result?.stderr == [255] + Array("x[REDACTED][REDACTED]".utf8))
        try database.close()
        for file in try FileManager.default.subpathsOfDirectory(atPath: scratch.directory)
        where !file.hasSuffix("outputs") {
            #expect(
                try scratch.bytes(of: file).firstRange(of: Array(secret.utf8)) == nil, "\(file)")
        }
    }

    @Test func `that was never begun can't be ended`() throws {
        #expect(throws: JournalError.unknownCommand("nope", in: lock.run)) {
            try CommandLog(database, lock: lock)
                .finish("nope", CommandResult(.exited(0)), redactions: [])
        }
    }

    @Test func `shows both ends of a long output and has all of it in a file`() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let limits = OutputLimits(inline: 1_000, file: 1 << 20)
        let record = try finished(bytes, limits)
        let shown = try #require(try reader().records(of: lock.run).first?.result)
        #expect(shown.stdout.starts(with: bytes.prefix(500)))
        #expect(shown.stdout.suffix(500) == bytes.suffix(500))
        #expect(shown.stdoutText.contains("[… 199000 bytes left out …]"))
        #expect(shown.isTruncated)
        #expect(try reader().output(of: record, .stdout, in: lock.run) == bytes)
        #expect(try reader().output(of: record, .stderr, in: lock.run) == [])
        let file = try #require(try outputFiles().first)
        #expect(try scratch.permissions(of: file) == 0o600)
        #expect(try scratch.permissions(of: "journal.sqlite.outputs") == 0o700)
    }

    @Test(arguments: [5_000, 5_001, 5_400, 5_500, 5_501, 9_000])
    func `keeps the beginning and the end of what is too long for a file`(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let limits = OutputLimits(inline: 1_000, file: 5_000)
        let record = try finished(bytes, limits)
        let kept = try reader().output(of: record, .stdout, in: lock.run)
        if size <= 5_500 {
            #expect(kept == bytes)
        } else {
            #expect(kept.starts(with: bytes.prefix(5_000)))
            #expect(kept.suffix(500) == bytes.suffix(500))
            let words = "[… \(size - 5_500) bytes left out …]"
            #expect(kept.firstRange(of: Array(words.utf8)) != nil)
        }
    }

    @Test func `is brief once the run has spent its room`() throws {
        let limits = OutputLimits(inline: 100, file: 1_000, run: 1_500, brief: 10)
        let log = CommandLog(database, lock: lock, limits: limits)
        for ordinal in 1...4 {
            let record = CommandRecord.example(ordinal, of: lock.run)
            try log.begin(record)
            let bytes = [UInt8](repeating: 65, count: 700)
            try log.finish(record.id, CommandResult(.exited(0), stdout: bytes), redactions: [])
        }
        let results = try reader().records(of: lock.run).compactMap(\.result?.stdoutText)
        #expect(results[0].hasPrefix(String(repeating: "A", count: 50) + "\n[… 600"))
        #expect(results[2...].allSatisfy { $0 == "AAAAA\n[… 690 bytes left out …]\nAAAAA" })
        #expect(try outputFiles().count == 2)
    }

    @Test func `shows the beginning of a long stdin and what it was`() throws {
        let text = String(repeating: "é", count: 3_000)
        let command = Command(["kubectl"], stdin: text, isMutating: true)
        try CommandLog(database, lock: lock).begin(.example(1, of: lock.run, command: command))
        let kept = try #require(try reader().records(of: lock.run).first?.command.stdin)
        #expect(kept.hasPrefix(String(repeating: "é", count: 2_000)))
        #expect(kept.contains("[… 6000 bytes in all, SHA-256 "))
        #expect(kept.utf8.count < 4_300)
    }

    @Test func `says so when its output's file has gone or was changed`() throws {
        let bytes = [UInt8](repeating: 65, count: 5_000)
        let record = try finished(bytes, OutputLimits(inline: 1_000))
        let file = try #require(try outputFiles().first)
        try scratch.overwrite([1, 2, 3], name: file)
        #expect(throws: JournalError.self) {
            try reader().output(of: record, .stdout, in: lock.run)
        }
        try FileManager.default.removeItem(atPath: scratch.directory + "/" + file)
        let error = #expect(throws: JournalError.self) {
            try reader().output(of: record, .stdout, in: lock.run)
        }
        #expect(error?.place == scratch.directory + "/" + file)
        #expect(try reader().records(of: lock.run).count == 1)
    }

    private func finished(_ stdout: [UInt8], _ limits: OutputLimits) throws -> CommandID {
        let log = CommandLog(database, lock: lock, limits: limits)
        let record = CommandRecord.example(1, of: lock.run)
        try log.begin(record)
        try log.finish(record.id, CommandResult(.exited(0), stdout: stdout), redactions: [])
        return record.id
    }

    private func reader() throws -> JournalReader {
        try JournalDatabase.openForReading(path: scratch.path)
    }

    private func outputFiles() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: scratch.directory)
            .filter { $0.contains(".outputs/") }
    }
}
