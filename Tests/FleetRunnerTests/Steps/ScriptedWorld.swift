import FleetCoordinator
import FleetModel
import FleetRunner
import Synchronization

/// A cluster that answers commands by script, a clock that only sleeps move,
/// and a log that remembers: all a step needs.
final class ScriptedWorld: CommandExecutor, CommandLog {
    struct State {
        var now = Timestamp(milliseconds: 0)
        var mutations: [Command] = []
        var begun: [CommandRecord] = []
        var finished: [CommandID: CommandResult] = [:]
        var open: [CommandRecord] = []
        var fates: [CommandID: CommandFate] = [:]
        var uid = "uid-1"
        /// Until then nobody tells it.
        var isSilentUntil = Timestamp(milliseconds: 0)
        var kept: KeptBaseline?
        /// The commands that one was kept with.
        var keptWith: [CommandID] = []
        var warnings: [String] = []
    }

    let state = Mutex(State())
    /// Answers a read of an API path, or a mutating command, which it may obey.
    let answer: @Sendable (Command, inout State) -> CommandResult

    init(answer: @escaping @Sendable (Command, inout State) -> CommandResult) {
        self.answer = answer
    }

    var mutations: [Command] { state.withLock(\.mutations) }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        state.withLock { state in
            if command.argv.contains("/api/v1/namespaces/kube-system") {
                guard state.now >= state.isSilentUntil else {
                    return .failing("Unable to connect to the server: EOF")
                }
                return .json(#"{"metadata":{"uid":"\#(state.uid)"}}"#)
            }
            if command.isMutating { state.mutations.append(command) }
            return answer(command, &state)
        }
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        state.withLock { $0.fates[id] ?? .unknown }
    }

    func acknowledge(_ id: CommandID, at place: Command.Place) async {}

    func begin(_ record: CommandRecord, keeping baseline: KeptBaseline?) async throws {
        state.withLock { state in
            state.begun.append(record)
            guard let baseline else { return }
            state.kept = baseline
            state.keptWith.append(record.id)
        }
    }

    func baseline(before attempt: Attempt) async throws -> KeptBaseline? {
        state.withLock(\.kept)
    }

    func finish(_ record: CommandRecord, _ result: CommandResult) async throws {
        state.withLock { $0.finished[record.id] = result }
    }

    func openRecords(of cluster: ClusterName) async throws -> [CommandRecord] {
        state.withLock(\.open)
    }

    func note(_ words: String, about cluster: ClusterName) async {}

    func warn(_ words: String, about cluster: ClusterName) async {
        state.withLock { $0.warnings.append(words) }
    }

    var clock: RunClock {
        RunClock(
            now: { self.state.withLock(\.now) },
            sleep: { duration in self.state.withLock { $0.now = $0.now + duration } })
    }
}

extension CommandResult {
    static func json(_ text: String) -> CommandResult {
        CommandResult(.exited(0), stdout: Array(text.utf8))
    }

    static func failing(_ stderr: String) -> CommandResult {
        CommandResult(.exited(1), stderr: Array(stderr.utf8))
    }
}
