public import FleetModel

/// The whole way to a bastion: the hosts to hop through, the bastion itself last.
///
/// It is also what connections are kept by: two bastions with the same private
/// address behind two gateways have different routes, so that no command crosses.
public struct SSHRoute: Hashable, Sendable {
    /// Never empty. The first is reached over TCP, each other through the one before.
    public var hops: [SSHHop]

    public init(_ hops: [SSHHop]) {
        precondition(!hops.isEmpty, "A route leads somewhere.")
        self.hops = hops
    }

    /// The bastion itself.
    public var destination: SSHHop { hops[hops.count - 1] }
}

/// One host of a route, with all that is needed to connect and to log in.
///
/// What `ssh -G` tells of a host, in the end, or what the inventory says.
public struct SSHHop: Hashable, Sendable {
    /// The name to resolve, or an address.
    public var host: String
    public var port: Int
    public var user: String
    /// The name the host's key is known by, where that is another (`HostKeyAlias`).
    public var hostKeyAlias: String?
    /// Absolute paths, in the order they are asked. Those that don't exist are empty.
    public var knownHostsFiles: [String]
    public var hostKeyPolicy: HostKeyPolicy
    /// Whether names in a new known hosts file are hidden behind hashes.
    public var hashesKnownHosts: Bool
    /// Fingerprints as `SHA256:…`, perhaps after the key's type and a blank; when there
    /// are any, no other key is taken.
    public var pins: [String]
    /// Private key files, absolute, in the order they are tried.
    public var identityFiles: [String]
    /// User certificates, absolute.
    public var certificateFiles: [String]
    /// The agent's socket; `nil` for no agent.
    public var agentSocket: String?
    /// Whether keys of the agent count only when an identity file names them.
    public var identitiesOnly: Bool
    /// For TCP, key exchange and login together.
    public var connectTimeout: Duration
    /// Host key algorithms, key exchanges, ciphers and MACs that the operator
    /// demands, by OpenSSH's names; empty lists leave the choice to us.
    public var algorithms: Algorithms
    /// What only OpenSSH's program can do of what is asked for, such as
    /// `ProxyCommand` or `GSSAPIAuthentication`; empty when libssh2 will do.
    public var needsOpenSSH: [String]
    /// The name to give `ssh` so that it reads its own configuration of the host;
    /// `nil` when the inventory says everything.
    public var alias: String?

    public struct Algorithms: Hashable, Sendable {
        public var hostKeys: [String] = []
        public var keyExchanges: [String] = []
        public var ciphers: [String] = []
        public var macs: [String] = []

        public init() {}
    }

    public init(
        host: String, port: Int = 22, user: String, knownHostsFiles: [String] = [],
        identityFiles: [String] = [], agentSocket: String? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.knownHostsFiles = knownHostsFiles
        self.identityFiles = identityFiles
        self.agentSocket = agentSocket
        (hostKeyAlias, hostKeyPolicy, pins, certificateFiles) = (nil, .strict, [], [])
        (hashesKnownHosts, identitiesOnly, connectTimeout) = (false, false, .seconds(15))
        (algorithms, needsOpenSSH, alias) = (Algorithms(), [], nil)
    }
}

extension SSHHop: CustomStringConvertible {
    /// As an operator would type it after `ssh`.
    public var description: String {
        port == 22 ? "\(user)@\(host)" : "\(user)@\(host):\(port)"
    }
}
