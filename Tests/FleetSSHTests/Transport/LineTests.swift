import Foundation
import Testing

@testable import FleetSSH

/// What a line prints and how it ends, over a real sshd.
struct LineTests {
    @Test func `a line's exit status and output come back`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let exit = try await bastion.run("echo out; echo err >&2; exit 7", into: transcript)
        #expect(exit == .exited(7))
        #expect(transcript.stdout == "out\n")
        #expect(transcript.stderr == "err\n")
        #expect(try await bastion.run("true") == .exited(0))
    }
}
