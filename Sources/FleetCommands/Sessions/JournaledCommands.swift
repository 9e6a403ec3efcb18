import FleetJournal
import FleetModel
import FleetRunner
import Synchronization

/// The runner's command log, kept in the journal's database.
final class JournaledCommands: FleetRunner.CommandLog {
    private let log: FleetJournal.CommandLog
    private let notes: NoteBoard
    private let warn: @Sendable (String) -> Void
    /// What an earlier coordinator left open, by cluster, until somebody saw it end.
    private let leftOpen: Mutex<[ClusterName: [CommandRecord]]>

    init(
        log: FleetJournal.CommandLog, notes: NoteBoard, leftOpen: [CommandRecord],
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.log = log
        self.warn = warn
        self.notes = notes
        self.leftOpen = Mutex(Dictionary(grouping: leftOpen, by: \.attempt.cluster))
    }

    func begin(_ record: CommandRecord, keeping baseline: KeptBaseline?) async throws {
        try log.begin(record, keeping: baseline)
    }

    func finish(_ record: CommandRecord, _ result: CommandResult) async throws {
        try log.finish(record.id, result, redactions: record.command.redactions)
        let cluster = record.attempt.cluster
        leftOpen.withLock { $0[cluster]?.removeAll { $0.id == record.id } }
    }

    func openRecords(of cluster: ClusterName) async throws -> [CommandRecord] {
        leftOpen.withLock { $0[cluster] } ?? []
    }

    func baseline(before attempt: Attempt) async throws -> KeptBaseline? {
        try log.baseline(before: attempt)
    }

    func note(_ words: String, about cluster: ClusterName) async {
        notes.pin(words, about: cluster)
    }

    func warn(_ words: String, about cluster: ClusterName) async {
        notes.pin(words, about: cluster)
        warn("\(cluster): \(words)")
    }
}

/// The latest words about each cluster, for the views of this process and, now
/// and then, for those of others.
package final class NoteBoard: Sendable {
    private struct State {
        var words: [ClusterName: String] = [:]
        var fresh: [ClusterName: ProgressNote] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    var words: [ClusterName: String] { state.withLock(\.words) }

    func pin(_ words: String, about cluster: ClusterName) {
        state.withLock { state in
            guard state.words[cluster] != words else { return }
            state.words[cluster] = words
            state.fresh[cluster] = ProgressNote(cluster, words, at: .now)
        }
    }

    /// The notes pinned since the last call, by name.
    func takeFresh() -> [ProgressNote] {
        let fresh = state.withLock { state in
            defer { state.fresh = [:] }
            return state.fresh
        }
        return fresh.values.sorted { $0.cluster < $1.cluster }
    }
}
