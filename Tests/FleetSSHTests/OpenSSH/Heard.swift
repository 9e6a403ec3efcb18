import FleetSSH
import Synchronization

/// Keeps what a line prints.
final class Heard: RemoteOutput {
    private let bytes = Mutex<[RemoteStream: [UInt8]]>([:])

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        self.bytes.withLock { $0[stream, default: []] += bytes }
    }

    var stdout: String { text(.stdout) }
    var stderr: String { text(.stderr) }

    /// Waits for as long as it takes to hear something on stdout.
    func something() async {
        while stdout.isEmpty {
            // Nobody cancels a test.
            try? await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }

    private func text(_ stream: RemoteStream) -> String {
        String(decoding: bytes.withLock { $0[stream] ?? [] }, as: UTF8.self)
    }
}

extension BastionTransport {
    /// Runs a line: how it ended, or why that isn't known.
    func outcome(
        _ line: String, stdin: String = "", heard: Heard = Heard()
    ) async -> Result<RemoteExit, TransportFailure> {
        do throws(TransportFailure) {
            return .success(try await run(line, stdin: Array(stdin.utf8), into: heard))
        } catch {
            return .failure(error)
        }
    }
}

extension Result<RemoteExit, TransportFailure> {
    /// The trouble of a line of which nothing was sent.
    var refusal: SSHTrouble? {
        guard case .failure(.notSent(let trouble)) = self else { return nil }
        return trouble
    }

    var isLost: Bool {
        guard case .failure(.lost) = self else { return false }
        return true
    }
}
