/// Puts together what there is to log in with, and what there isn't and why.
struct IdentityChoice {
    private let ring: KeyRing
    private let now: UInt64
    private var candidates: [IdentityCandidate] = []
    private var certificates: [(name: String, certificate: UserCertificate)] = []
    private var agent: SSHAgent?
    private var agentKeys: [AgentMessage.Key] = []
    private var skipped: [SSHTrouble] = []
    private var namedCertificateTrouble: SSHTrouble?

    /// Chooses for a time, in seconds since 1970, at which certificates must be valid.
    init(ring: KeyRing, now: UInt64) { (self.ring, self.now) = (ring, now) }

    // MARK: - What there is

    mutating func take(file path: String) {
        do throws(SSHTrouble) {
            guard let candidate = try IdentityCandidate(at: path, in: ring) else {
                return skip(SSHTrouble(.unusable, "\(path) isn't there"))
            }
            candidates.append(candidate)
            let beside = "\(path)-cert.pub"
            if let key = try PublicKeyFile.key(at: beside) { take(key, of: beside) }
        } catch {
            skip(error)
        }
    }

    mutating func take(certificate path: String) {
        let before = skipped.count
        defer {
            if skipped.count > before { namedCertificateTrouble = skipped[before] }
        }
        do throws(SSHTrouble) {
            guard let key = try PublicKeyFile.key(at: path) else {
                return skip(SSHTrouble(.unusable, "\(path) holds no certificate"))
            }
            take(key, of: path)
        } catch {
            skip(error)
        }
    }

    private mutating func take(_ key: PublicKey, of name: String) {
        guard let certificate = UserCertificate(key) else {
            return skip(SSHTrouble(.unusable, "\(name) holds no certificate"))
        }
        guard certificate.signer != nil else { return skip(.onlyOpenSSH(name, key)) }
        if let objection = certificate.objection(at: now) {
            return skip(.invalid(name, objection))
        }
        if !certificates.contains(where: { $0.certificate == certificate }) {
            certificates.append((name, certificate))
        }
    }

    mutating func take(_ keys: [AgentMessage.Key], of agent: SSHAgent) {
        self.agent = agent
        for key in keys where !LibSSH2Abilities.canOffer(key.publicKey) {
            skip(.onlyOpenSSH(key.name, key.publicKey))
        }
        agentKeys = keys.filter { LibSSH2Abilities.canOffer($0.publicKey) && isValid($0) }
    }

    private mutating func isValid(_ key: AgentMessage.Key) -> Bool {
        guard let objection = UserCertificate(key.publicKey)?.objection(at: now) else {
            return true
        }
        skip(.invalid(key.name, objection))
        return false
    }

    mutating func skip(_ trouble: SSHTrouble) { skipped.append(trouble) }

    // MARK: - What must be opened

    /// Opens the first locked key that opens, unless a key is ready to sign.
    func openIfAllAreLocked(onlyNamed: Bool) async throws(SSHTrouble) {
        let locked = candidates.filter { $0.isLocked && !isHeldByAgent($0) }
        let isReady = candidates.contains {
            isHeldByAgent($0) || ($0.hasPrivateKey && !$0.isLocked)
        }
        guard !isReady, onlyNamed || agentKeys.isEmpty else { return }
        var trouble: SSHTrouble?
        for candidate in locked {
            do throws(SSHTrouble) {
                _ = try await ring.privateKey(at: candidate.path)
                return
            } catch {
                trouble = trouble ?? error
            }
        }
        if let trouble { throw trouble }
    }

    private func isHeldByAgent(_ candidate: IdentityCandidate) -> Bool {
        agentKeys.contains(where: candidate.isKey)
    }

    // MARK: - What is offered

    /// The identities in the order in which they are offered.
    ///
    /// With `onlyNamed`, without keys of the agent that no file names. A certificate that
    /// the operator names and that can't be used is an error, unless another can be:
    /// the keys alone would be refused, and nobody would know why.
    mutating func identities(onlyNamed: Bool) async throws(SSHTrouble) -> [Identity] {
        if certificates.isEmpty, let trouble = namedCertificateTrouble { throw trouble }
        let known = candidates.compactMap(\.publicKey)
        let named = known.compactMap { key in agentKeys.first { $0.publicKey == key } }
        let offered = known.map(\.blob) + certificates.map(\.certificate.blob)
        let others = onlyNamed ? [] : agentKeys.filter { !offered.contains($0.publicKey.blob) }
        let withCertificates = certificates.compactMap { certified($0.certificate, $0.name) }
        let signing = (named + others).compactMap(signedByAgent)
        var identities = withCertificates + signing
        for candidate in candidates where !isHeldByAgent(candidate) {
            if let identity = await signedByFile(candidate) { identities.append(identity) }
        }
        return identities
    }

    private func certified(_ certificate: UserCertificate, _ name: String) -> Identity? {
        let holder = agentKeys.first { $0.publicKey == certificate.signer }
        let file = candidates.first { $0.publicKey == certificate.signer && $0.hasPrivateKey }
        guard let sign = holder.flatMap(signer) ?? file.map(signer) else { return nil }
        return Identity(name: name, publicBlob: certificate.blob, sign: sign)
    }

    private func signedByAgent(_ key: AgentMessage.Key) -> Identity? {
        signer(key).map { sign in
            Identity(
                name: key.name, publicBlob: LibSSH2Abilities.offer(key.publicKey), sign: sign)
        }
    }

    private mutating func signedByFile(_ candidate: IdentityCandidate) async -> Identity? {
        guard candidate.hasPrivateKey else {
            skip(SSHTrouble(.unusable, "\(candidate.path) has no private key, and no agent has it"))
            return nil
        }
        do throws(SSHTrouble) {
            let key = try await publicKey(of: candidate)
            guard LibSSH2Abilities.canOffer(key) else {
                throw .onlyOpenSSH(candidate.path, key)
            }
            return Identity(
                name: candidate.path, publicBlob: LibSSH2Abilities.offer(key),
                sign: signer(candidate))
        } catch {
            skip(error)
            return nil
        }
    }

    private func publicKey(of candidate: IdentityCandidate) async throws(SSHTrouble) -> PublicKey {
        if let key = candidate.publicKey { return key }
        return try await ring.privateKey(at: candidate.path).publicKey
    }

    // MARK: - Who signs

    private func signer(_ key: AgentMessage.Key) -> Identity.Signer? {
        guard let agent else { return nil }
        let algorithm = signature(of: key.publicKey)
        return { message throws(SSHTrouble) in
            try await agent.signature(of: message, by: key, algorithm: algorithm)
        }
    }

    /// A certificate signs as the key in it does.
    private func signature(of key: PublicKey) -> String {
        LibSSH2Abilities.algorithm(of: UserCertificate(key)?.signer ?? key)
    }

    private func signer(_ candidate: IdentityCandidate) -> Identity.Signer {
        let ring = ring
        return { message throws(SSHTrouble) in
            let key = try await ring.privateKey(at: candidate.path)
            guard candidate.publicKey == nil || candidate.publicKey == key.publicKey else {
                throw SSHTrouble(
                    .unusable, "\(candidate.path).pub isn't the public half of that key",
                    hint: "run `ssh-keygen -yf \(candidate.path) > \(candidate.path).pub`")
            }
            guard let signature = key.signature(of: message) else {
                throw SSHTrouble(.unusable, "the private key \(candidate.path) can't sign")
            }
            return signature
        }
    }

    // MARK: - What there isn't

    /// Why there is nothing to log in with, in the words of what was left out.
    func nothing(for hop: SSHHop) -> SSHTrouble {
        let kind: SSHTrouble.Kind =
            skipped.contains { $0.kind == .unsupported } ? .unsupported : .unusable
        let reasons = skipped.prefix(Self.mostReasons).map(\.reason).joined(separator: "; ")
        return SSHTrouble(
            kind,
            "there is no key to log in to \(hop) with: "
                + (reasons.isEmpty ? "none is named, and there is no agent" : reasons),
            hint: skipped.lazy.compactMap(\.hint).first
                ?? "set `identityFiles` of the bastion, or start an agent")
    }

    private static let mostReasons = 8
}

extension IdentityCandidate {
    fileprivate func isKey(_ key: AgentMessage.Key) -> Bool { key.publicKey == publicKey }
}

extension SSHTrouble {
    fileprivate static func invalid(_ name: String, _ objection: String) -> Self {
        Self(
            .unusable, "the certificate \(name) \(objection)",
            hint: "get a new certificate from its authority")
    }

    fileprivate static func onlyOpenSSH(_ name: String, _ key: PublicKey) -> Self {
        Self(.unsupported, "\(name) is of type \(key.type), which only OpenSSH can use")
    }
}
