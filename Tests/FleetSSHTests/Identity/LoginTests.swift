import FleetModel
import FleetTestKit
import Foundation
import Synchronization
import Testing

@testable import FleetSSH

/// Keys, agents, certificates and known hosts against a real sshd, over libssh2.
struct LoginTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    static let keys: [[String]] = [
        ["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"],
        ["rsa", "-b", "2048"], ["rsa", "-b", "2048", "-m", "PEM"], ["ecdsa", "-m", "PEM"],
    ]

    @Test(arguments: keys)
    func `a key file logs in, encrypted or not`(words: [String]) async throws {
        let options = Array(words.dropFirst())
        let rounds = options.contains("-m") ? [] : ["-a", "1"]
        let plain = try HostKeyPair(words[0], options, in: scratch)
        let locked = try HostKeyPair(
            words[0], options + rounds, passphrase: "sesame", in: scratch)
        let server = try await server(allowing: [plain.key.text, locked.key.text])
        defer { server.stop() }
        for pair in [plain, locked] {
            #expect(try await login(hop(server, files: [pair.path])) == pair.path)
        }
    }

    @Test(arguments: [["ed25519"], ["ecdsa", "-b", "384"], ["rsa", "-b", "2048"]])
    func `a key of the agent logs in`(words: [String]) async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let pair = try HostKeyPair(words[0], Array(words.dropFirst()), in: scratch)
        try agent.add(pair.path, in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        var hop = hop(server, files: [])
        hop.agentSocket = agent.socket
        #expect(try await login(hop).hasPrefix("a comment ("))
    }

    @Test(arguments: ["256", "384", "521"])
    func `an ECDSA certificate logs in where the key may not`(bits: String) async throws {
        let pair = try HostKeyPair("ecdsa", ["-b", bits], in: scratch)
        let authority = try HostKeyPair("ed25519", in: scratch)
        let signed = try Program.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-s", authority.path, "-I", "sheep", "-n", NSUserName(), "\(pair.path).pub"],
            in: scratch)
        #expect(signed.status == 0)
        let server = try await server(allowing: ["cert-authority \(authority.key.text)"])
        defer { server.stop() }
        let certificate = "\(pair.path)-cert.pub"
        #expect(try await login(hop(server, files: [pair.path])) == certificate)
        try FileManager.default.removeItem(atPath: "\(pair.path)-cert.pub")
        let failure = await failure(hop(server, files: [pair.path]))
        #expect(failure?.kind == .authenticationFailed)
    }

    @Test func `a refused key gives way to the next one`() async throws {
        let (stray, right) = try (
            HostKeyPair("ed25519", in: scratch), HostKeyPair("rsa", in: scratch)
        )
        let server = try await server(allowing: [right.key.text])
        defer { server.stop() }
        let hop = hop(server, files: [stray.path, right.path])
        #expect(try await login(hop) == right.path)
        #expect(await failure(self.hop(server, files: [stray.path]))?.kind == .authenticationFailed)
    }

    @Test func `a locked key that nobody opens is told as such`() async throws {
        let pair = try HostKeyPair("ed25519", ["-a", "1"], passphrase: "other", in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        let failure = await failure(hop(server, files: [pair.path]))
        #expect(failure?.reason.contains("is locked, and no passphrase opened it") == true)
    }

    @Test func `an unknown host is taken and remembered where the policy says so`() async throws {
        let pair = try HostKeyPair("ed25519", in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        var hop = hop(server, files: [pair.path])
        hop.knownHostsFiles = ["\(scratch.path)/known_hosts"]
        #expect(await failure(hop)?.kind == .hostKeyUnknown)
        hop.hostKeyPolicy = .acceptNew
        _ = try await login(hop)
        hop.hostKeyPolicy = .strict
        _ = try await login(hop)
        #expect(try scratch.read("known_hosts") == server.knownHosts[0] + "\n")
    }

    @Test func `a host whose key has changed gets no login`() async throws {
        let (pair, other) = try (
            HostKeyPair("ed25519", in: scratch), HostKeyPair("ed25519", in: scratch)
        )
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        var hop = hop(server, files: [pair.path])
        let line = "[\(server.host)]:\(server.port) \(other.key.text)\n"
        hop.knownHostsFiles = [try scratch.write(line, to: "known_hosts")]
        let failure = await failure(hop)
        #expect(failure?.kind == .hostKeyChanged)
        #expect(failure?.reason.contains(other.key.fingerprint) == true)
        #expect(server.logins == 0)
    }

    @Test func `a revoked key gets no login, though it is known and pinned`() async throws {
        let pair = try HostKeyPair("ed25519", in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        let key = server.publicKey("host-ed25519")
        let lines = server.knownHosts + ["@revoked * \(key)"]
        var hop = hop(server, files: [pair.path])
        hop.knownHostsFiles = [
            try scratch.write(lines.joined(separator: "\n") + "\n", to: "known_hosts")
        ]
        hop.pins = [PublicKey(blob: server.hostKeyBlob())?.fingerprint ?? ""]
        let failure = await failure(hop)
        #expect(failure?.kind == .hostKeyChanged)
        #expect(failure?.reason.contains("is revoked at \(scratch.path)/known_hosts:2") == true)
        #expect(server.logins == 0)
    }

    @Test func `a user whom the bastion doesn't know is told as such`() async throws {
        let pair = try HostKeyPair("ed25519", in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        var hop = hop(server, files: [pair.path])
        hop.user = "nobody-of-that-name"
        let failure = await failure(hop)
        #expect(failure?.kind == .authenticationFailed)
        #expect(
            failure?.reason.contains("nobody-of-that-name@") == true, "\(failure?.reason ?? "")")
        // sshd writes its log when it likes.
        try await patiently { server.connectionsBeforeLogin > 0 }
        #expect(server.connectionsBeforeLogin == 1, "hosts count what is refused")
    }

    @Test func `a bastion that takes passwords alone is told as such`() async throws {
        let pair = try HostKeyPair("ed25519", in: scratch)
        var options = TestSSHD.Options()
        options.authorizedKeys = [pair.key.text]
        options.lines = ["PasswordAuthentication yes", "PubkeyAuthentication no"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let failure = await failure(hop(server, files: [pair.path]))
        #expect(failure?.kind == .authenticationFailed)
        #expect(
            failure?.reason.contains("takes no keys, only password") == true,
            "\(String(describing: failure))")
        try await patiently { server.connectionsBeforeLogin > 0 }
        #expect(server.connectionsBeforeLogin == 1)
    }

    @Test func `a wrong passphrase is told as such, and never repeated`() async throws {
        let secret = "a passphrase that nobody may see"
        let pair = try HostKeyPair("ed25519", ["-a", "1"], passphrase: "other", in: scratch)
        let server = try await server(allowing: [pair.key.text])
        defer { server.stop() }
        let asked = WrongPassphrases(secret)
        let hop = hop(server, files: [pair.path])
        let transport = SSHConnections(
            judge: KnownHostsJudge(), authenticator: KeyAuthenticator(passphrases: asked)
        ).transport(along: SSHRoute([hop]))
        for _ in 0..<2 {
            let failure = await transport.failure(of: "true")
            #expect(failure?.trouble?.reason.contains("no passphrase opened it") == true)
            #expect(failure.map { "\($0)" }?.contains(secret) == false)
        }
        #expect(asked.count == 3, "nobody is asked twice for the same")
        #expect(server.logins == 0)
    }

    @Test func `of several host keys the known one is asked for`() async throws {
        let pair = try HostKeyPair("ed25519", in: scratch)
        let server = try await server(
            allowing: [pair.key.text], hostKeyTypes: ["ed25519", "ecdsa", "rsa"])
        defer { server.stop() }
        var hop = hop(server, files: [pair.path])
        hop.knownHostsFiles = [try scratch.write(server.knownHosts[1], to: "known_hosts")]
        _ = try await login(hop)
    }

    @Test func `a bastion of the SSH configuration is reached through its jump host`() async throws
    {
        let pair = try HostKeyPair("ed25519", in: scratch)
        let (gate, far) = try await (
            server(allowing: [pair.key.text]), server(allowing: [pair.key.text])
        )
        defer { for server in [gate, far] { server.stop() } }
        let known = (gate.knownHosts + far.knownHosts).joined(separator: "\n")
        let file = try scratch.write(
            """
            Host gate
                HostName \(gate.host)
                Port \(gate.port)
            Host far
                HostName \(far.host)
                Port \(far.port)
                ProxyJump gate
            Host *
                IdentityFile \(pair.path)
                UserKnownHostsFile \(try scratch.write(known, to: "known_hosts"))
            """, to: "config")
        let surroundings = SSHSurroundings.current(environment: [:])
        var bastion = Bastion("fra")
        bastion.sshAlias = "far"
        let resolver = SSHConfigurationResolver(
            bastions: [bastion],
            source: OwnSSHConfiguration(surroundings: surroundings, file: file),
            surroundings: surroundings)
        let route = try await resolver.route(to: "fra")
        #expect(route.hops.map(\.port) == [gate.port, far.port])
        let exit = try await transport(along: route).run("true", stdin: [], into: Transcript())
        #expect(exit == .exited(0))
    }

    // MARK: - The scene

    private func server(
        allowing keys: [String], hostKeyTypes: [String] = ["ed25519"]
    ) async throws -> TestSSHD {
        var options = TestSSHD.Options()
        (options.authorizedKeys, options.hostKeyTypes) = (keys, hostKeyTypes)
        return try await TestSSHD.start(options)
    }

    private func hop(_ server: TestSSHD, files: [String]) -> SSHHop {
        var hop = server.hop
        (hop.identityFiles, hop.knownHostsFiles) = (files, [server.knownHostsFile])
        return hop
    }

    private func transport(along route: SSHRoute) -> LibSSH2Transport {
        SSHConnections(
            judge: KnownHostsJudge(), authenticator: KeyAuthenticator(passphrases: Sesame())
        ).transport(along: route)
    }

    /// Runs a line there; answers with what was logged in.
    private func login(_ hop: SSHHop) async throws -> String {
        let transport = transport(along: SSHRoute([hop]))
        #expect(try await transport.run("true", stdin: [], into: Transcript()) == .exited(0))
        return try #require(await transport.facts).identity
    }

    private func failure(_ hop: SSHHop) async -> SSHTrouble? {
        do throws(TransportFailure) {
            _ = try await transport(along: SSHRoute([hop])).run(
                "true", stdin: [], into: Transcript())
            return nil
        } catch {
            guard case .notSent(let trouble) = error else { return nil }
            return trouble
        }
    }
}

/// Somebody who is wrong three times, and says so no more.
private final class WrongPassphrases: PassphraseSource {
    private let words: String
    private let calls = Mutex(0)

    init(_ words: String) { self.words = words }

    var count: Int { calls.withLock(\.self) }

    func passphrase(for file: String, attempt: Int) -> Secret? {
        guard attempt <= 3 else { return nil }
        calls.withLock { $0 += 1 }
        return Secret(Array(words.utf8))
    }
}

/// Somebody who knows one passphrase.
private struct Sesame: PassphraseSource {
    func passphrase(for file: String, attempt: Int) -> Secret? {
        attempt == 1 ? Secret(Array("sesame".utf8)) : nil
    }
}
