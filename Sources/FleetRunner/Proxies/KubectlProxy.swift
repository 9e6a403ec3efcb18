import FleetModel
import Foundation

/// A `kubectl proxy` of ours: kubectl's own connection to one cluster, kept open.
///
/// It serves a socket in a directory that only we may enter, lets nothing through but
/// GET, and is ended by our death, however we die.
final class KubectlProxy: Sendable {
    let socket: String
    private let program: Task<Void, Never>
    private let start: Task<Bool, Never>

    /// Starts the program. `patience` is how long it may take to serve.
    init(
        tool: String, connection: [String], environment: LocalEnvironment, patience: Duration,
        clock: any Clock<Duration>
    ) throws(SystemFailure) {
        let parent = environment.variables["TMPDIR"] ?? "/tmp"
        let directory = try SocketDirectory(in: parent)
        let socket = "\(directory.path)/api"
        let child = ChildProgram(
            path: "/bin/sh",
            arguments: ["-c", Self.guardian, directory.path, tool] + connection
                + ["proxy", "--unix-socket=\(socket)", "--reject-methods=\(Self.refused)"],
            environment: environment.variables, directory: directory.path, clock: clock)
        let (starts, started) = AsyncStream.makeStream(of: Bool.self)
        program = Task {
            _ = await child.run(.heldOpen) { stream, bytes in
                let isServing = String(decoding: bytes, as: UTF8.self).contains("Starting to serve")
                if stream == .stdout && isServing { started.yield(true) }
            }
            started.finish()
            directory.remove()
        }
        start = Task {
            let timer = Task {
                guard (try? await clock.sleep(for: patience)) != nil else { return }
                started.finish()
            }
            defer { timer.cancel() }
            return await starts.first { $0 } ?? false
        }
        self.socket = socket
    }

    deinit { close() }

    /// Whether it came to serve its socket.
    var isServing: Bool {
        get async { await start.value }
    }

    func close() { program.cancel() }

    /// Ends kubectl when its own input does: we hold the other end. `$0` is the directory.
    /// It says nothing, for who would have read it may be dead.
    private static let guardian = """
        exec 3<&0
        "$@" 3<&- & program=$!
        exec >/dev/null 2>&1
        { cat <&3 >/dev/null; kill "$program"; } &
        wait "$program"
        rm -rf -- "$0"
        trap '' TERM
        kill 0
        """

    /// Whatever could change something (`kubectl proxy --help`: a list of expressions).
    private static let refused = "POST,PUT,PATCH,DELETE,CONNECT,OPTIONS,TRACE"
}
