import FleetModel
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program that serves us, such as `ssh`: our child, in a session of its own.
///
/// What it prints is handed over as it comes. When the calling task is cancelled,
/// its whole process group is ended: TERM, a short grace, KILL.
package struct ChildProgram: Sendable {
    package enum Stream: Sendable { case stdout, stderr }

    package enum Input: Sendable {
        /// Spooled whole before the program starts; `nil` is `/dev/null`.
        case bytes([UInt8]?)
        /// A pipe that stays empty and is closed by our death, however we die.
        case heldOpen
    }

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It was never started, for this reason.
        case notStarted(String)
        case cancelled
    }

    /// Absolute.
    package let path: String
    package let arguments: [String]
    package let environment: [String: String]
    /// Where stdin is spooled, absolute.
    package let directory: String
    package let clock: any Clock<Duration>

    /// Between TERM and KILL. These programs have nothing to lose.
    private static let grace: Duration = .seconds(2)

    package init(
        path: String, arguments: [String], environment: [String: String], directory: String,
        clock: any Clock<Duration>
    ) {
        (self.path, self.arguments) = (path, arguments)
        (self.environment, self.directory, self.clock) = (environment, directory, clock)
    }

    /// Runs the program to its end. The sink is called by one thread at a time.
    package func run(
        _ input: Input, sink: @escaping @Sendable (Stream, [UInt8]) -> Void
    ) async -> Ending {
        let stop = StopSwitch(grace: Self.grace, clock: clock)
        let child = Task { await ending(input, Turnstile(sink), stop) }
        return await withTaskCancellationHandler {
            await child.value
        } onCancel: {
            stop.pull(.cancelled)
        }
    }

    private func ending(_ input: Input, _ sink: Turnstile, _ stop: StopSwitch) async -> Ending {
        do {
            let (stdin, held) = try open(input)
            defer { if held >= 0 { close(held) } }
            let status = try await spawn(stdin, sink, stop)
            return await stop.ended() == nil ? status.ending : .cancelled
        } catch {
            _ = await stop.ended()
            return .notStarted((error as? SystemFailure)?.reason ?? "\(error)")
        }
    }

    private func spawn(
        _ stdin: FileDescriptor, _ sink: Turnstile, _ stop: StopSwitch
    ) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.createSession = true
        let variables = LocalEnvironment(from: [:], adding: environment)
        let run = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: variables.ofSubprocess, platformOptions: options,
            input: .fileDescriptor(stdin, closeAfterSpawningProcess: true),
            output: .sequence, error: .sequence
        ) { execution in
            stop.began(ProcessGroup(id: execution.processIdentifier.value))
            async let output: Void = drain(execution.standardOutput, .stdout, sink)
            async let errors: Void = drain(execution.standardError, .stderr, sink)
            _ = await (output, errors)
        }
        return run.terminationStatus
    }

    private func drain(
        _ stream: SubprocessOutputSequence, _ which: Stream, _ sink: Turnstile
    ) async {
        do {
            for try await chunk in stream {
                sink.pass(which, chunk.withUnsafeBytes { Array($0) })
            }
        } catch {
            // A stream that breaks is over; how the program ended is told elsewhere.
        }
    }

    /// The program's end of stdin, and the end that we keep, or -1.
    private func open(_ input: Input) throws(SystemFailure) -> (FileDescriptor, Int32) {
        guard case .bytes(let bytes) = input else { return try pipe() }
        return (try StandardInput.open(bytes, in: directory), -1)
    }

    private func pipe() throws(SystemFailure) -> (FileDescriptor, Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { throw SystemFailure("no pipe can be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(rawValue: ends[0]), ends[1])
    }
}

/// Lets one stream at a time through to a sink.
private final class Turnstile: Sendable {
    private let lock = Mutex(())
    private let sink: @Sendable (ChildProgram.Stream, [UInt8]) -> Void

    init(_ sink: @escaping @Sendable (ChildProgram.Stream, [UInt8]) -> Void) { self.sink = sink }

    func pass(_ stream: ChildProgram.Stream, _ bytes: [UInt8]) {
        lock.withLock { _ in sink(stream, bytes) }
    }
}

extension TerminationStatus {
    fileprivate var ending: ChildProgram.Ending {
        switch self {
        case .exited(let status): .exited(status)
        case .signaled(let signal): .signalled(signal)
        }
    }
}
