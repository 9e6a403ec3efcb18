import FleetTestKit
import Foundation
import Testing

/// The fixture itself, so that its failures aren't taken for ours.
struct TestSSHDTests {
    @Test func `the test server lets its own client in`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let ssh = Process()
        ssh.executableURL = URL(filePath: "/usr/bin/ssh")
        ssh.arguments =
            [
                "-F", "none", "-i", server.clientKey, "-p", "\(server.port)",
                "-o", "UserKnownHostsFile=\(server.knownHostsFile)", "-o", "BatchMode=yes",
                "-o", "KexAlgorithms=curve25519-sha256", "\(server.user)@\(server.host)", "exit 7",
            ]
        // Waiting on this thread would take one of the two that all tests share.
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            ssh.terminationHandler = { _ in done.resume() }
            do { try ssh.run() } catch { done.resume(throwing: error) }
        }
        #expect(ssh.terminationStatus == 7, "\(server.log)")
        #expect(server.logins == 1)
    }
}
