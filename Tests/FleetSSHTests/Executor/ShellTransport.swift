import FleetRunner
import FleetTestKit
import Foundation
import Synchronization

@testable import FleetSSH

/// A bastion without a network: lines run in a shell of this host, each in a
/// session of its own, as sshd would run them.
final class ShellTransport: BastionTransport {
    private let shell: String
    private let environment: [String: String]
    private let directory: String
    private let lines = Mutex<[String]>([])
    private let running = Mutex<[Task<Void, Never>]>([])

    /// The folder comes first in the `PATH`; its `sh` is the login shell.
    convenience init(_ scratch: BastionScratch, folder: String? = nil) {
        let path = [folder, "/usr/local/bin:/usr/bin:/bin"].compactMap(\.self)
        self.init(
            scratch, shell: folder.map { "\($0)/sh" } ?? "/bin/sh",
            path: path.joined(separator: ":"))
    }

    /// A bastion that has only these tools.
    convenience init(_ scratch: BastionScratch, onlyPath path: String) {
        self.init(scratch, shell: "/bin/sh", path: path)
    }

    private init(_ scratch: BastionScratch, shell: String, path: String) {
        self.shell = shell
        directory = scratch.path
        let secret = CommandExecutorContract.secret
        environment = [
            "PATH": path, "HOME": scratch.home, secret.name: secret.value,
            "MARK_OF_TEST": scratch.name,
        ]
    }

    /// The lines that were run, in order.
    var sent: [String] { lines.withLock { $0 } }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        let end = FirstValue<Result<RemoteExit, TransportFailure>>()
        start(line, stdin, sink, end)
        let result = await withTaskCancellationHandler {
            await end.value
        } onCancel: {
            end.fill(.failure(.cancelled))
        }
        return try result.get()
    }

    /// Waits for lines that nobody waits for any more.
    func drain() async {
        while let task = running.withLock({ $0.popLast() }) { await task.value }
    }

    private func start(
        _ line: String, _ stdin: [UInt8], _ sink: any RemoteOutput,
        _ end: FirstValue<Result<RemoteExit, TransportFailure>>
    ) {
        lines.withLock { $0.append(line) }
        let program = ChildProgram(
            path: shell, arguments: ["-c", line], environment: environment, directory: directory,
            clock: ContinuousClock())
        let task = Task {
            let ending = await program.run(.bytes(stdin)) { stream, bytes in
                // Whoever left hears nothing more.
                guard !end.isThere else { return }
                sink.receive(bytes, from: stream == .stdout ? .stdout : .stderr)
            }
            end.fill(Self.result(ending))
        }
        running.withLock { $0.append(task) }
    }

    private static func result(
        _ ending: ChildProgram.Ending
    ) -> Result<RemoteExit, TransportFailure> {
        switch ending {
        case .exited(let status): .success(.exited(status))
        case .signalled: .success(.signalled("TERM"))
        case .notStarted(let reason): .failure(.notSent(SSHTrouble(.unusable, reason)))
        case .cancelled: .failure(.cancelled)
        }
    }
}
