import FleetModel
import Foundation
import Subprocess
import SystemPackage

/// Starts the supervisors of durable jobs and reaps them.
struct JobLauncher: Sendable {
    let store: JobStore
    let environment: LocalEnvironment
    let limits: LocalLimits
    /// The shell the job script runs in, as `["/bin/sh"]`.
    let shell: [String]

    /// Starts the supervisor of a job in a session of its own and returns at
    /// once. Nothing ties it to us: it survives our death and our cancellation.
    func launch(_ id: CommandID, tool: String, _ command: Command) -> Launch {
        let launch = Launch()
        Task {
            launch.finish(await supervise(id, tool: tool, command))
        }
        return launch
    }

    private func supervise(_ id: CommandID, tool: String, _ command: Command) async -> Launch.End {
        do {
            let stdin = try StandardInput.open(command.stdin, in: store.directory)
            return try await .exited(spawn(arguments(id, tool: tool, command), stdin))
        } catch let failure as SystemFailure {
            return .failed(failure.reason)
        } catch {
            return .failed("\(error)")
        }
    }

    private func spawn(_ arguments: [String], _ stdin: FileDescriptor) async throws -> Int32? {
        var options = PlatformOptions()
        options.createSession = true
        let run = try await Subprocess.run(
            .path(FilePath(shell[0])), arguments: Arguments(Array(shell.dropFirst()) + arguments),
            environment: environment.ofSubprocess, platformOptions: options,
            input: .fileDescriptor(stdin, closeAfterSpawningProcess: true),
            output: .discarded, error: .discarded)
        guard case .exited(let status) = run.terminationStatus else { return nil }
        return status
    }

    private func arguments(_ id: CommandID, tool: String, _ command: Command) -> [String] {
        let deadline = max(1, command.deadline.inMilliseconds)
        let polls = Int64(JobScript.pollsPerSecond) * limits.grace.inMilliseconds / 1_000
        return [
            store.scriptPath, "\(store.path(of: id))/", "\(Double(deadline) / 1_000)",
            "\(max(0, polls))",
            tool,
        ] + command.argv.dropFirst()
    }
}
