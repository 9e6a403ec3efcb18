import Foundation

@testable import FleetSSH

/// Loses every line that would start a job, and says so once.
final class StartLosingTransport: BastionTransport {
    let hasLost = FirstValue<Void>()
    private let base: any BastionTransport

    init(_ base: any BastionTransport) { self.base = base }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        guard !line.contains(" start ") else {
            hasLost.fill(())
            throw .lost(SSHTrouble(.unreachable, "a bad day"))
        }
        return try await base.run(line, stdin: stdin, into: sink)
    }
}

/// Hears nothing.
struct Deaf: RemoteOutput {
    func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
}
