import CSSH2

/// What the connections along a route have found out, for whoever looks after them.
public struct ConnectionFacts: Hashable, Sendable {
    /// What the host calls itself, such as `SSH-2.0-OpenSSH_9.2p1`.
    public let serverVersion: String
    public let hostKeyAlgorithm: String
    public let keyExchange: String
    public let cipher: String
    /// The key that was let in.
    public let identity: String
    /// The shortest time an answer took.
    public let roundTrip: Duration
    /// How many channels the host gives on one connection, once it has refused one.
    public let channelLimit: Int?
    /// How many connections there are.
    public let connections: Int
}

extension ConnectionFacts {
    @SSHLoop
    init(_ session: Session, _ policy: PoolPolicy, connections: Int) {
        serverVersion = session.engine.banner ?? "unknown"
        hostKeyAlgorithm = session.engine.method(LIBSSH2_METHOD_HOSTKEY)
        keyExchange = session.engine.method(LIBSSH2_METHOD_KEX)
        cipher = session.engine.method(LIBSSH2_METHOD_CRYPT_CS)
        identity = session.identityName ?? "unknown"
        roundTrip = session.roundTrip
        let isFound = policy.channelLimit <= policy.limits.session.channels
        channelLimit = isFound ? policy.channelLimit : nil
        self.connections = connections
    }
}
