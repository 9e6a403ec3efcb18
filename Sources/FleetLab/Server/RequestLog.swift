public import Foundation
import Synchronization

/// What the lab was asked lately, in memory, and on disk too if wanted.
///
/// It is the lab's own witness: a test that kills a coordinator reads here whether a
/// command that had taken effect was sent again.
public final class RequestLog: Sendable {
    /// Enough for a run over a hundred clusters, at some 300 bytes each.
    public static let defaultLimit = 50_000

    private struct State {
        var lastSequence = 0
        var records: [RequestRecord] = []
        var file: FileHandle?
    }

    private let limit: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - limit: how many records are kept in memory.
    ///   - file: what every record is appended to as a line of JSON.
    /// - Throws: when the file can't be opened.
    public init(limit: Int = RequestLog.defaultLimit, appendingTo file: URL? = nil) throws {
        self.limit = limit
        state = Mutex(State(file: try file.map(Self.opened)))
    }

    private static func opened(_ file: URL) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: file.path) {
            try Foundation.Data().write(to: file)
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        return handle
    }

    /// Keeps a record under the next number.
    func append(_ record: RequestRecord) {
        state.withLock { state in
            var numbered = record
            state.lastSequence += 1
            numbered.sequence = state.lastSequence
            state.records.append(numbered)
            // Twice the limit, so that the array is moved seldom.
            if state.records.count > limit * 2 {
                state.records.removeFirst(state.records.count - limit)
            }
            // A full disk must not stop the lab; the records in memory stay complete.
            try? state.file?.write(contentsOf: Foundation.Data((numbered.line + "\n").utf8))
        }
    }

    /// The records after a number, the oldest first.
    public func records(after sequence: Int = 0) -> [RequestRecord] {
        state.withLock { state in
            Array(state.records.suffix(limit).drop { $0.sequence <= sequence })
        }
    }
}
