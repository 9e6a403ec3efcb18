import FleetTestKit
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
        #expect(try await bastion.run("nosuchcommand") == .exited(127))
    }

    @Test func `a connection tells what it found`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        #expect(await bastion.transport.facts == nil)
        #expect(try await bastion.run("true") == .exited(0))
        let facts = try #require(await bastion.transport.facts)
        #expect(facts.serverVersion.hasPrefix("SSH-2.0-OpenSSH"))
        #expect(facts.hostKeyAlgorithm == "ssh-ed25519")
        #expect(facts.cipher == "aes128-ctr")
        #expect(facts.identity == bastion.server.clientKey)
        #expect(facts.channelLimit == nil)
    }

    @Test func `the host key is of the type that is known`() async throws {
        var options = TestSSHD.Options()
        options.hostKeyTypes = ["ed25519", "ecdsa"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let judge = KnownKeys(
            keys: [server.hostKeyBlob("ecdsa")], preferred: ["ecdsa-sha2-nistp256"])
        let transport = SSHConnections(
            judge: judge, authenticator: KeyFiles(paths: [server.clientKey])
        ).transport(along: SSHRoute([server.hop]))
        #expect(try await transport.run("true", stdin: [], into: Transcript()) == .exited(0))
    }

    @Test(arguments: ["KILL", "TERM", "HUP"])
    func `a line that a signal ends is told by the signal`(name: String) async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        #expect(try await bastion.run("kill -s \(name) $$") == .signalled(name))
    }

    @Test func `ten megabytes on both streams arrive whole`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let line = "head -c 10485760 /dev/zero & head -c 10485760 /dev/zero >&2; wait"
        #expect(try await bastion.run(line, into: transcript) == .exited(0))
        #expect(transcript.bytes(.stdout).count == 10_485_760)
        #expect(transcript.bytes(.stderr).count == 10_485_760)
    }

    @Test func `eight megabytes on stderr alone don't stop a line`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let line = "head -c 8388608 /dev/zero >&2; echo done"
        #expect(try await bastion.run(line, into: transcript) == .exited(0))
        #expect(transcript.bytes(.stderr).count == 8_388_608)
        #expect(transcript.stdout == "done\n")
    }

    @Test func `a megabyte of stdin arrives whole`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let stdin = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let transcript = Transcript()
        #expect(try await bastion.run("cat", stdin: stdin, into: transcript) == .exited(0))
        #expect(transcript.bytes(.stdout) == stdin)
    }

    @Test func `stdin that nobody reads does no harm`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let stdin = [UInt8](repeating: 65, count: 10 << 20)
        #expect(try await bastion.run("exit 3", stdin: stdin) == .exited(3))
        #expect(try await bastion.run("true") == .exited(0))
    }

    @Test func `partial sends poison nothing`() async throws {
        var limits = PoolLimits()
        limits.session.sendAtMost = 1024
        limits.connections = 1
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let stdin = [UInt8](repeating: 66, count: 2 << 20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let transcript = Transcript()
                    let exit = try await bastion.run("cat", stdin: stdin, into: transcript)
                    #expect(exit == .exited(0))
                    #expect(transcript.bytes(.stdout) == stdin)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `keys are exchanged anew under load`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["RekeyLimit 1M"]
        var limits = PoolLimits()
        limits.connections = 1
        let bastion = try await TestBastion.start(options, limits: limits)
        defer { bastion.stop() }
        let stdin = [UInt8](repeating: 67, count: 4 << 20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let transcript = Transcript()
                    let exit = try await bastion.run("cat", stdin: stdin, into: transcript)
                    #expect(exit == .exited(0))
                    #expect(transcript.bytes(.stdout) == stdin)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a line too long for sshd is not sent`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let longest = String(repeating: " ", count: LibSSH2Transport.longestLine - 4) + "true"
        #expect(try await bastion.run(longest) == .exited(0))
        await #expect(throws: TransportFailure.self) { try await bastion.run(longest + " ") }
    }
}
