import Glibc

/// Logs in with keys: those of an agent, and those of files.
///
/// The order is OpenSSH's: certificates, keys of the agent that an identity file names,
/// other keys of the agent, and last the files that no agent holds.
public struct KeyAuthenticator: Authenticator {
    private let ring: KeyRing
    private let lane = SlowLane("bellwether.agent")
    private let patience: SSHAgent.Patience
    private let secondsSince1970: @Sendable () -> UInt64

    public init(passphrases: any PassphraseSource) {
        self.init(passphrases: passphrases, patience: SSHAgent.Patience())
    }

    init(
        passphrases: any PassphraseSource, patience: SSHAgent.Patience,
        secondsSince1970: @escaping @Sendable () -> UInt64 = { UInt64(max(0, time(nil))) }
    ) {
        (ring, self.patience) = (KeyRing(passphrases: passphrases), patience)
        self.secondsSince1970 = secondsSince1970
    }

    /// Opens a locked key ahead of time, if there is nothing else to log in with.
    ///
    /// Whoever types a passphrase takes longer than a connection may take to be made,
    /// and an operator wants to be asked before a run, not in the middle of it.
    public func prepare(for hop: SSHHop) async throws(SSHTrouble) {
        try await choice(for: hop).openIfAllAreLocked(onlyNamed: hop.identitiesOnly)
    }

    public func identities(for hop: SSHHop) async throws(SSHTrouble) -> [Identity] {
        var choice = await choice(for: hop)
        let identities = try await choice.identities(onlyNamed: hop.identitiesOnly)
        guard identities.isEmpty else { return identities }
        throw choice.nothing(for: hop)
    }

    private func choice(for hop: SSHHop) async -> IdentityChoice {
        var choice = IdentityChoice(ring: ring, now: secondsSince1970())
        for path in hop.identityFiles { choice.take(file: path) }
        for path in hop.certificateFiles { choice.take(certificate: path) }
        if let socket = hop.agentSocket, !socket.isEmpty {
            let agent = SSHAgent(socket, lane: lane, patience: patience)
            do throws(SSHTrouble) {
                choice.take(try await agent.keys(), of: agent)
            } catch {
                choice.skip(error)
            }
        }
        return choice
    }
}
