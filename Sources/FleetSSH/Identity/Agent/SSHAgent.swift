/// An OpenSSH agent behind its socket.
///
/// libssh2's own client blocks, can't ask for SHA-2 with RSA, and reads the agent's
/// socket through the session's callbacks.
struct SSHAgent: Sendable {
    let socket: String
    private let lane: SlowLane
    private let patience: Patience

    /// How long an answer may take.
    struct Patience: Sendable {
        var list = Duration.seconds(5)
        /// An agent may ask its owner before it signs (`ssh-add -c`).
        var signature = Duration.seconds(60)
    }

    init(_ socket: String, lane: SlowLane, patience: Patience = Patience()) {
        (self.socket, self.lane, self.patience) = (socket, lane, patience)
    }

    /// The keys it holds, in its order.
    func keys() async throws(SSHTrouble) -> [AgentMessage.Key] {
        let reply = try await ask(AgentMessage.identitiesRequest, patience.list)
        if AgentMessage.isFailure(reply) { return [] }
        guard let keys = AgentMessage.keys(in: reply) else {
            throw trouble("lists its keys in a way that can't be read")
        }
        return keys
    }

    /// The bare signature of a key that it holds.
    ///
    /// The algorithm is `rsa-sha2-512` or `rsa-sha2-256` for RSA, else the key's type.
    func signature(
        of message: [UInt8], by key: AgentMessage.Key, algorithm: String
    ) async throws(SSHTrouble) -> [UInt8] {
        let flags: UInt32 =
            switch algorithm {
            case "rsa-sha2-256": 2
            case "rsa-sha2-512": 4
            default: 0
            }
        let request = AgentMessage.signRequest(key.publicKey, message, flags: flags)
        let reply = try await ask(request, patience.signature)
        guard let signature = AgentMessage.signature(in: reply, algorithm: algorithm) else {
            throw trouble("refuses to sign with \(key.name)")
        }
        return signature
    }

    private func ask(_ request: [UInt8], _ patience: Duration) async throws(SSHTrouble) -> [UInt8] {
        try await lane.run { [self] () throws(SSHTrouble) in
            do throws(AgentSocket.Trouble) {
                let socket = try AgentSocket(self.socket, patience: patience)
                return try socket.ask(request)
            } catch {
                throw trouble(error.reason)
            }
        }
    }

    private func trouble(_ reason: String) -> SSHTrouble {
        SSHTrouble(
            .unusable, "the agent at \(socket) \(reason)",
            hint: "see `SSH_AUTH_SOCK=\(socket) ssh-add -l`, or set `agent: none` for the bastion")
    }
}

extension AgentMessage.Key {
    /// What messages call the key.
    var name: String {
        comment.isEmpty ? publicKey.named : "\(comment) (\(publicKey.shortType), agent)"
    }
}
