import FleetModel
import FleetSSH
import FleetTestKit
import Foundation
import Testing

/// Whom OpenSSH's program believes, and what it says when it doesn't.
@Suite(.serialized) struct OpenSSHTrustTests {
    private func outcome(
        _ server: TestSSHD, _ change: (inout SSHHop) throws -> Void
    ) async throws -> Result<RemoteExit, TransportFailure> {
        var hop = server.openSSHHop
        try change(&hop)
        let transport = try OpenSSHTransport.test(SSHRoute([hop]))
        let result = await transport.outcome("true")
        await transport.close()
        return result
    }

    private func file(_ text: String, _ server: TestSSHD) throws -> String {
        let path = "\(server.directory)/\(UUID().uuidString)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func fingerprint(_ path: String) async -> String {
        let heard = Heard()
        _ = await TestProgram.run("/usr/bin/ssh-keygen", ["-lf", path], heard)
        return heard.stdout.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    }

    @Test func `a changed key and a revoked one stop everything`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let other = server.publicKey("client")
        let changed = try file("[\(server.host)]:\(server.port) \(other)\n", server)
        let result = try await outcome(server) { $0.knownHostsFiles = [changed] }
        #expect(result.refusal?.kind == .hostKeyChanged, "\(result)")
        let revoked = try file(
            server.knownHosts.map { "@revoked \($0)\n\($0)\n" }.joined(), server)
        let refused = try await outcome(server) { $0.knownHostsFiles = [revoked] }
        #expect(refused.refusal?.kind == .hostKeyChanged, "\(refused)")
    }

    @Test func `an unknown key is refused, or taken and remembered`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let empty = try file("", server)
        let refused = try await outcome(server) { $0.knownHostsFiles = [empty] }
        #expect(refused.refusal?.kind == .hostKeyUnknown, "\(refused)")
        let taken = try await outcome(server) {
            $0.knownHostsFiles = [empty]
            $0.hostKeyPolicy = .acceptNew
        }
        #expect(taken == .success(.exited(0)))
        let known = try await outcome(server) { $0.knownHostsFiles = [empty] }
        #expect(known == .success(.exited(0)))
    }

    @Test func `a pinned key is taken, and no other`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let own = await fingerprint("\(server.directory)/host-ed25519.pub")
        let other = await fingerprint("\(server.directory)/client.pub")
        #expect(own.hasPrefix("SHA256:"))
        for (pins, isTaken) in [([own], true), ([other, own], true), ([other], false)] {
            let result = try await outcome(server) {
                $0.pins = pins
                $0.hostKeyPolicy = .acceptNew
            }
            #expect((result == .success(.exited(0))) == isTaken, "\(pins): \(result)")
        }
    }

    @Test func `a refused login is tried once`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let key = "\(server.directory)/stranger"
        try TestSSHD.makeKey(key, "ed25519")
        var hop = server.openSSHHop
        hop.identityFiles = [key]
        let transport = try OpenSSHTransport.test(SSHRoute([hop]))
        for _ in 0..<3 {
            let result = await transport.outcome("true")
            #expect(result.refusal?.kind == .authenticationFailed, "\(result)")
        }
        #expect(server.log.components(separatedBy: "[preauth]").count == 2, "\(server.log)")
        await transport.close()
    }

    @Test func `a server that agrees on nothing is not supported`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let result = try await outcome(server) { $0.algorithms.ciphers = ["3des-cbc"] }
        #expect(result.refusal?.kind == .unsupported, "\(result)")
    }

    @Test func `a bastion behind another is reached through it`() async throws {
        let (outer, inner) = (try await TestSSHD.start(), try await TestSSHD.start())
        defer {
            outer.stop()
            inner.stop()
        }
        let transport = try OpenSSHTransport.test(SSHRoute([outer.openSSHHop, inner.openSSHHop]))
        let heard = Heard()
        let end = await transport.outcome("echo $SSH_CONNECTION", heard: heard)
        #expect(end == .success(.exited(0)))
        #expect(heard.stdout.contains("\(inner.host) \(inner.port)"))
        #expect(outer.logins == 1)
        #expect(inner.logins == 1)
        await transport.close()
    }

    @Test func `an alias is completed from the user's own configuration`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let own = try file(
            """
            Host ams
                IdentityFile \(server.clientKey)
                UserKnownHostsFile \(server.knownHostsFile)
                RemoteCommand echo hijacked
                ControlMaster auto

            """, server)
        var hop = SSHHop(host: server.host, port: server.port, user: server.user)
        hop.alias = "ams"
        let transport = try OpenSSHTransport.test(SSHRoute([hop]), userFiles: [own])
        let heard = Heard()
        #expect(await transport.outcome("echo ours", heard: heard) == .success(.exited(0)))
        #expect(heard.stdout == "ours\n")
        await transport.close()
    }

    @Test func `what ssh could misread is refused`() throws {
        for host in ["a\nProxyCommand touch /tmp/x", "a\"b", "-oProxyCommand=x", ""] {
            let hop = SSHHop(host: host, user: "root")
            #expect(throws: SSHTrouble.self) { try OpenSSHTransport.test(SSHRoute([hop])) }
        }
    }
}
