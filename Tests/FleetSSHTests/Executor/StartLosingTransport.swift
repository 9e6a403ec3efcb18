import Synchronization

@testable import FleetSSH

/// Loses every line that would start a job, and says so once.
final class StartLosingTransport: BastionTransport {
    let hasLost = FirstValue<Void>()
    private let base: any BastionTransport
    private let losses: Mutex<Int>

    init(_ base: any BastionTransport, losses: Int = .max) {
        self.base = base
        self.losses = Mutex(losses)
    }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        guard !line.contains(" start ") || !isToBeLost() else {
            hasLost.fill(())
            throw .lost(SSHTrouble(.unreachable, "a bad day"))
        }
        return try await base.run(line, stdin: stdin, into: sink)
    }

    private func isToBeLost() -> Bool {
        losses.withLock { losses in
            losses -= 1
            return losses >= 0
        }
    }
}

/// A bastion that one day can't be reached any more.
final class GoneTransport: BastionTransport {
    private let base: any BastionTransport
    private let isGone = Mutex(false)

    init(_ base: any BastionTransport) { self.base = base }

    func leave() { isGone.withLock { $0 = true } }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        guard !isGone.withLock({ $0 }) else {
            throw .notSent(SSHTrouble(.unreachable, "it is gone"))
        }
        return try await base.run(line, stdin: stdin, into: sink)
    }
}

/// Never answers.
final class SilentTransport: BastionTransport {
    let wasAsked = FirstValue<Void>()

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        wasAsked.fill(())
        // Ends when the task is cancelled.
        try? await ContinuousClock().sleep(for: .seconds(3_600))
        throw .cancelled
    }
}

/// Hears nothing.
struct Deaf: RemoteOutput {
    func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
}
