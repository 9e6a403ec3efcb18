import FleetModel
import Foundation
import GRDB

/// What is kept of one stream of one command.
struct KeptOutput {
    let stream: OutputStream
    /// Of all that was seen, in bytes.
    let size: Int
    /// SHA-256 of what is in the file when there is one, else of all that was seen.
    let digest: String
    let head: [UInt8]
    /// The end of what was seen; empty when ``head`` is all of it.
    let tail: [UInt8]
    /// The file with the output, or as much of its beginning as the limit allows.
    let file: String?

    /// Decides what to keep, and writes the file if there is to be one. The
    /// room is how many bytes the run may still keep.
    init(
        _ bytes: [UInt8], of stream: OutputStream, limits: OutputLimits, room: Int,
        at place: OutputFile
    ) throws(JournalError) {
        (self.stream, size) = (stream, bytes.count)
        let inline = room >= min(bytes.count, limits.file) ? limits.inline : limits.brief
        guard bytes.count > inline else {
            (head, tail, file, digest) = (bytes, [], nil, SHA256.hexadecimal(bytes))
            return
        }
        head = Array(bytes.prefix(inline - inline / 2))
        tail = Array(bytes.suffix(inline / 2))
        let isWorthAFile = inline == limits.inline
        let filed = isWorthAFile ? bytes.prefix(limits.file) : bytes[...]
        digest = SHA256.hexadecimal(Array(filed))
        if isWorthAFile { try place.write(filed) }
        file = isWorthAFile ? place.name : nil
    }

    /// How much of the run's room it takes.
    var room: Int { head.count + tail.count + (file == nil ? 0 : size) }

    /// What can be shown without the file.
    var shown: [UInt8] {
        let left = size - head.count - tail.count
        return left > 0 ? head + Array("\n[… \(left) bytes left out …]\n".utf8) + tail : head
    }

    var isWhole: Bool { size == head.count + tail.count }
}

extension KeptOutput {
    func insert(into database: Database, command: Int64) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO output (command, stream, size, digest, head, tail, file)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            command, stream.rawValue, size, digest, Data(head), Data(tail), file,
        ])
    }

    /// What is kept of a command's output, each stream once.
    static func all(of command: Int64, in database: Database) throws -> [KeptOutput] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT stream, size, digest, head, tail, file FROM output
                WHERE command = ? ORDER BY stream DESC
                """)
        return try Row.fetchAll(statement, arguments: [command]).compactMap(KeptOutput.init)
    }

    private init?(_ row: Row) {
        guard let stream = OutputStream(rawValue: row[0]) else { return nil }
        let (head, tail): (Data, Data) = (row[3], row[4])
        (self.stream, size, digest) = (stream, row[1], row[2])
        (self.head, self.tail, file) = (Array(head), Array(tail), row[5])
    }
}
