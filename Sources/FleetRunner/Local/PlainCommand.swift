import FleetModel
import Foundation
import Subprocess
import SystemPackage

/// A command that only reads: it runs as our child and dies with its deadline.
///
/// Every child goes through here or ``JobLauncher``, because swift-subprocess
/// must be held right: no stdin through its pipe (it crashes when the child
/// doesn't read), streams as sequences (its limits throw the output away), and
/// never cancelled (its teardown knows only the child, not the whole group).
struct PlainCommand: Sendable {
    let tool: String
    let command: Command
    let environment: LocalEnvironment
    let limits: LocalLimits
    let clock: any Clock<Duration>
    /// Where stdin is spooled, and the name of a spilled stream.
    let directory: String
    let name: String

    func run() async -> CommandResult {
        let start = ContinuousClock.now
        let stop = StopSwitch(grace: limits.grace, clock: clock)
        let child = Task { await result(stop) }
        let timer = Task {
            // Ends early, and in vain, when the command does.
            guard (try? await clock.sleep(for: command.deadline)) != nil else { return }
            stop.pull(.timedOut)
        }
        defer { timer.cancel() }
        var outcome = await withTaskCancellationHandler {
            await child.value
        } onCancel: {
            stop.pull(.cancelled)
        }
        outcome.duration = ContinuousClock.now - start
        return outcome
    }

    private func result(_ stop: StopSwitch) async -> CommandResult {
        do {
            let stdin = try StandardInput.open(command.stdin, in: directory)
            var (status, result) = try await spawn(stdin, stop)
            result.ending = await stop.ended() ?? status.ending
            return result
        } catch {
            _ = await stop.ended()
            return CommandResult(.ofFailure(error, of: command, hasBegun: stop.hasBegun))
        }
    }

    private func spawn(
        _ stdin: FileDescriptor, _ stop: StopSwitch
    ) async throws -> (TerminationStatus, CommandResult) {
        var options = PlatformOptions()
        options.processGroupID = 0
        let run = try await Subprocess.run(
            .path(FilePath(tool)), arguments: Arguments(Array(command.argv.dropFirst())),
            environment: environment.ofSubprocess, platformOptions: options,
            input: .fileDescriptor(stdin, closeAfterSpawningProcess: true),
            output: .sequence, error: .sequence
        ) { execution in
            stop.began(ProcessGroup(id: execution.processIdentifier.value))
            async let output = drain(execution.standardOutput, "out")
            async let errors = drain(execution.standardError, "err")
            return await (output, errors)
        }
        let (output, errors) = run.closureResult
        return (
            run.terminationStatus,
            CommandResult(
                .exited(0), stdout: output.bytes, stderr: errors.bytes,
                isTruncated: output.isTruncated || errors.isTruncated)
        )
    }

    /// Reads a stream to its end, for a stream nobody reads stops the command.
    private func drain(
        _ stream: SubprocessOutputSequence, _ suffix: String
    ) async -> (bytes: [UInt8], isTruncated: Bool) {
        var keeper = OutputKeeper(
            limit: limits.outputKept,
            spillPath: limits.spillDirectory.map { "\($0)/\(name).\(suffix)" },
            spillLimit: limits.outputSpilled)
        do {
            for try await chunk in stream { chunk.withUnsafeBytes { keeper.take($0) } }
        } catch {
            // A stream that breaks, or that a grandchild keeps open after the
            // command's end, is over; how the command ended is told elsewhere.
        }
        return (keeper.kept, keeper.isTruncated)
    }
}

extension LocalEnvironment {
    var ofSubprocess: Environment {
        .custom(
            Dictionary(
                uniqueKeysWithValues: variables.compactMap { name, value in
                    Environment.Key(rawValue: name).map { ($0, value) }
                }))
    }
}

extension TerminationStatus {
    fileprivate var ending: CommandResult.Ending {
        switch self {
        case .exited(let status): .exited(status)
        case .signaled(let signal): .signalled(signal)
        }
    }
}

extension CommandResult.Ending {
    /// What an error of ours or of swift-subprocess says of the command.
    fileprivate static func ofFailure(
        _ error: any Error, of command: Command, hasBegun: Bool
    ) -> CommandResult.Ending {
        let reason = (error as? SystemFailure)?.reason ?? "\(error)"
        return hasBegun ? .lost(reason) : .notStarted(reason)
    }
}
