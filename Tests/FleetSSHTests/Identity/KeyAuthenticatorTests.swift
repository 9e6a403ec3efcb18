import Foundation
import Synchronization
import Testing

@testable import FleetSSH

struct KeyAuthenticatorTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `named keys of the agent come first, then its others, then files`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let (named, other) = try (pair("ecdsa"), pair("ed25519"))
        let (file, missing) = try (pair("rsa"), scratch.unique("missing"))
        for key in [other, named] { try agent.add(key.path, in: scratch) }
        var hop = hop([file.path, missing, named.path], agent: agent)
        let identities = try await authenticator().identities(for: hop)
        #expect(identities.map(\.key) == [named.key, other.key, file.key].map(\.type))
        #expect(
            identities.map(\.name)
                == ["a comment (ECDSA, agent)", "a comment (ED25519, agent)", file.path])
        hop.identitiesOnly = true
        let fewer = try await authenticator().identities(for: hop)
        #expect(fewer.map(\.name) == ["a comment (ECDSA, agent)", file.path])
    }

    @Test func `every identity signs what ssh-keygen accepts`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let pairs = try ["ed25519", "ecdsa", "rsa"].map(pair)
        try agent.add(pairs[2].path, in: scratch)
        let hop = hop(pairs.map(\.path), agent: agent)
        let text = SignedText(scratch: scratch)
        for identity in try await authenticator().identities(for: hop) {
            let pair = try #require(pairs.first { LibSSH2Abilities.offer($0.key) == identity.blob })
            let signature = try await identity.signature(of: text.toBeSigned)
            #expect(try text.holds(signature, by: pair.key))
        }
    }

    @Test func `a public half alone lets the agent sign`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let key = try pair("ed25519")
        try agent.add(key.path, in: scratch)
        try FileManager.default.removeItem(atPath: key.path)
        var hop = hop([key.path], agent: agent)
        hop.identitiesOnly = true
        #expect(try await authenticator().identities(for: hop).count == 1)
        hop.identityFiles = ["\(key.path).pub"]
        #expect(try await authenticator().identities(for: hop).count == 1)
        hop.agentSocket = nil
        #expect(await trouble(hop)?.reason.contains("has no private key, and no agent") == true)
    }

    @Test func `a locked key is only opened once the host wants a signature`() async throws {
        let source = Asked([nil])
        let key = try pair("ed25519", passphrase: "sesame")
        let authenticator = KeyAuthenticator(passphrases: source)
        let identity = try #require(try await authenticator.identities(for: hop([key.path])).first)
        #expect(source.count == 0)
        let trouble = await self.trouble { () async throws(SSHTrouble) in
            _ = try await identity.signature(of: [1])
        }
        #expect(
            trouble?.reason
                == "the private key \(key.path) is locked, and no passphrase opened it")
        #expect(trouble?.hint == "run `ssh-add \(key.path)`, so that the agent holds it")
        #expect(source.count == 1)
    }

    @Test func `sixty connections ask once, and again only after a wrong answer`() async throws {
        let source = Asked(["wrong", "sesame"])
        let key = try pair("ed25519", passphrase: "sesame")
        let authenticator = KeyAuthenticator(passphrases: source)
        let identity = try #require(try await authenticator.identities(for: hop([key.path])).first)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<60 {
                // A failure shows as a signature that isn't there.
                group.addTask { (try? await identity.signature(of: [1])) != nil }
            }
            for await isSigned in group { #expect(isSigned) }
        }
        #expect(source.count == 2)
    }

    @Test func `a locked key is opened ahead where nothing else is there`() async throws {
        let source = Asked(["sesame"])
        let (locked, plain) = try (pair("ed25519", passphrase: "sesame"), pair("ecdsa"))
        let authenticator = KeyAuthenticator(passphrases: source)
        try await authenticator.prepare(for: hop([locked.path, plain.path]))
        #expect(source.count == 0)
        try await authenticator.prepare(for: hop([locked.path]))
        #expect(source.count == 1)
        let identities = try await authenticator.identities(for: hop([locked.path]))
        _ = try await identities[0].signature(of: [1])
        #expect(source.count == 1)
    }

    @Test func `a locked key that the agent holds is never asked for`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let key = try pair("ed25519")
        try agent.add(key.path, in: scratch)
        let lock = try Program.run(
            "/usr/bin/ssh-keygen", ["-q", "-p", "-N", "sesame", "-a", "1", "-f", key.path],
            in: scratch)
        #expect(lock.status == 0)
        let source = Asked(["sesame"])
        let authenticator = KeyAuthenticator(passphrases: source)
        var hop = hop([key.path], agent: agent)
        hop.identitiesOnly = true
        try await authenticator.prepare(for: hop)
        let identity = try #require(try await authenticator.identities(for: hop).first)
        _ = try await identity.signature(of: [1])
        #expect(source.count == 0)
    }

    @Test func `nobody who can open a locked key ahead is told`() async throws {
        let key = try pair("ed25519", passphrase: "sesame")
        let trouble = await trouble { () async throws(SSHTrouble) in
            try await authenticator().prepare(for: hop([key.path]))
        }
        #expect(trouble?.reason.contains("is locked, and no passphrase opened it") == true)
    }

    @Test func `an encrypted key in PEM without its public half is opened to be offered`()
        async throws
    {
        let key = try pair("rsa", ["-m", "PEM"], passphrase: "sesame")
        try FileManager.default.removeItem(atPath: "\(key.path).pub")
        let authenticator = KeyAuthenticator(passphrases: Asked(["sesame"]))
        let identities = try await authenticator.identities(for: hop([key.path]))
        #expect(identities.map(\.blob) == [LibSSH2Abilities.offer(key.key)])
    }

    @Test func `a key that others can read is refused, as ssh refuses it`() async throws {
        let key = try pair("ed25519")
        chmod(key.path, 0o640)
        let trouble = await trouble(hop([key.path]))
        #expect(trouble?.reason.hasSuffix("can be read by others (mode 0640)") == true)
        #expect(trouble?.hint == "run `chmod 600 \(key.path)`")
    }

    @Test func `a certificate of an ECDSA key is offered before the key`() async throws {
        let key = try pair("ecdsa")
        try certify(key)
        let identities = try await authenticator().identities(for: hop([key.path]))
        #expect(
            identities.map(\.key)
                == ["ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256"])
        let text = SignedText(scratch: scratch)
        let signature = try await identities[0].signature(of: text.toBeSigned)
        #expect(try text.holds(signature, by: key.key))
    }

    @Test func `a certificate's key may be the agent's`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let key = try pair("ecdsa")
        try certify(key)
        let certificate = try scratch.write(
            String(contentsOfFile: "\(key.path)-cert.pub", encoding: .utf8), to: "moved.pub")
        try FileManager.default.removeItem(atPath: "\(key.path)-cert.pub")
        try agent.add(key.path, in: scratch)
        var hop = hop([], agent: agent)
        hop.certificateFiles = [certificate]
        let identities = try await authenticator().identities(for: hop)
        #expect(identities.map(\.name) == [certificate, "a comment (ECDSA, agent)"])
    }

    @Test(arguments: ["ed25519", "rsa"])
    func `a certificate that libssh2 can't offer is left to OpenSSH`(type: String) async throws {
        let key = try pair(type)
        try certify(key)
        var hop = hop([])
        hop.certificateFiles = ["\(key.path)-cert.pub"]
        let trouble = await trouble(hop)
        #expect(trouble?.kind == .unsupported)
        #expect(trouble?.reason.contains("which only OpenSSH can use") == true)
    }

    @Test(
        arguments: [
            (1_000_000_000, "isn't valid before 2020-01-01T00:00:00Z, and the clock here says "),
            (1_583_020_800, "has expired at 2020-03-01T00:00:00Z"),
            (1_600_000_000, "has expired at 2020-03-01T00:00:00Z"),
            (1_577_836_800, nil), (1_583_020_799, nil),
        ] as [(UInt64, String?)])
    func `a certificate is offered while it is valid`(now: UInt64, words: String?) async throws {
        let key = try pair("ecdsa")
        try certify(key, ["-V", "20200101000000Z:20200301000000Z"])
        let authenticator = KeyAuthenticator(
            passphrases: NoPassphrases(), patience: SSHAgent.Patience(),
            secondsSince1970: { now })
        var hop = hop([key.path])
        let offered = try await authenticator.identities(for: hop).count
        #expect(offered == (words == nil ? 2 : 1))
        hop.certificateFiles = ["\(key.path)-cert.pub"]
        let trouble = await trouble { () async throws(SSHTrouble) in
            #expect(try await authenticator.identities(for: hop).count == 2)
        }
        #expect((trouble == nil) == (words == nil))
        #expect(trouble?.reason.contains(words ?? "") != false)
    }

    @Test func `a key where a certificate should be is told`() async throws {
        let key = try pair("ecdsa")
        var hop = hop([key.path])
        hop.certificateFiles = ["\(key.path).pub"]
        #expect(await trouble(hop)?.reason == "\(key.path).pub holds no certificate")
    }

    @Test func `nothing to log in with is explained`() async {
        let trouble = await trouble(hop(["/nowhere/id"]))
        #expect(
            trouble?.reason
                == "there is no key to log in to deploy@fra with: /nowhere/id isn't there")
        #expect(await self.trouble(hop([]))?.reason.hasSuffix("and there is no agent") == true)
    }

    @Test func `an agent that is gone doesn't hide the files`() async throws {
        let key = try pair("ed25519")
        var hop = hop([key.path])
        hop.agentSocket = "/nowhere/agent"
        #expect(try await authenticator().identities(for: hop).map(\.name) == [key.path])
    }

    @Test func `a public half of another key is noticed before it is signed with`() async throws {
        let (key, other) = try (pair("rsa", ["-m", "PEM"], passphrase: "sesame"), pair("rsa"))
        try FileManager.default.removeItem(atPath: "\(key.path).pub")
        try FileManager.default.copyItem(atPath: "\(other.path).pub", toPath: "\(key.path).pub")
        let authenticator = KeyAuthenticator(passphrases: Asked(["sesame"]))
        let identity = try #require(try await authenticator.identities(for: hop([key.path])).first)
        let trouble = await trouble { () async throws(SSHTrouble) in
            _ = try await identity.signature(of: [1])
        }
        #expect(trouble?.reason.hasSuffix(".pub isn't the public half of that key") == true)
    }

    // MARK: - The scene

    private func pair(
        _ type: String, _ options: [String] = [], passphrase: String = ""
    ) throws -> HostKeyPair {
        let rounds = passphrase.isEmpty || options.contains("-m") ? [] : ["-a", "1"]
        return try HostKeyPair(type, options + rounds, passphrase: passphrase, in: scratch)
    }

    private func pair(_ type: String) throws -> HostKeyPair { try pair(type, []) }

    private func certify(_ key: HostKeyPair, _ options: [String] = []) throws {
        let authority = try pair("ed25519")
        let signed = try Program.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-s", authority.path, "-I", "sheep", "-n", "deploy"] + options
                + ["\(key.path).pub"],
            in: scratch)
        #expect(signed.status == 0)
    }

    private func authenticator() -> KeyAuthenticator {
        KeyAuthenticator(passphrases: NoPassphrases())
    }

    private func hop(_ files: [String], agent: RealAgent? = nil) -> SSHHop {
        SSHHop(host: "fra", user: "deploy", identityFiles: files, agentSocket: agent?.socket)
    }

    private func trouble(_ hop: SSHHop) async -> SSHTrouble? {
        await trouble { () async throws(SSHTrouble) in
            _ = try await authenticator().identities(for: hop)
        }
    }

    private func trouble(_ body: () async throws(SSHTrouble) -> Void) async -> SSHTrouble? {
        do throws(SSHTrouble) {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}

/// Somebody with passphrases, who counts how often they were asked.
private final class Asked: PassphraseSource {
    private let answers: [String?]
    private let asked = Mutex(0)

    init(_ answers: [String?]) { self.answers = answers }

    var count: Int { asked.withLock { $0 } }

    func passphrase(for file: String, attempt: Int) -> Secret? {
        asked.withLock { $0 += 1 }
        guard answers.indices.contains(attempt - 1) else { return nil }
        return answers[attempt - 1].map { Secret(Array($0.utf8)) }
    }
}

extension Identity {
    fileprivate var blob: [UInt8] {
        if case .signer(let blob, _) = proof { blob } else { [] }
    }

    /// The type of the key, with RSA's own name back in front.
    fileprivate var key: String {
        let type = PublicKey(blob: blob)?.type ?? ""
        return type.hasPrefix("rsa-") ? "ssh-rsa" : type
    }

    fileprivate func signature(of message: [UInt8]) async throws(SSHTrouble) -> [UInt8] {
        guard case .signer(_, let sign) = proof else { return [] }
        return try await sign(message)
    }
}
