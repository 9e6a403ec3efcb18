/// The host we hop through to reach a cluster's API server.
///
/// Either everything is said here, or ``sshAlias`` names a host of the SSH
/// configuration and what is said here comes on top of that.
public struct Bastion: Hashable, Sendable, Codable {
    public let name: BastionName
    /// A name or an address; `nil` takes it from the SSH configuration of the alias.
    public var host: String?
    /// 1 to 65535; `nil` is the SSH configuration's, else 22.
    public var port: Int?
    /// The remote user; `nil` leaves the choice to the SSH configuration.
    public var user: String?
    /// The name by which `~/.ssh/config` knows the host.
    public var sshAlias: String?
    /// Private key files, absolute.
    public var identityFiles: [String]
    /// A user certificate, absolute.
    public var certificateFile: String?
    /// The agent's socket; `nil` takes `SSH_AUTH_SOCK`, an empty one no agent.
    public var agentSocket: String?
    /// Absolute; empty takes the SSH configuration's.
    public var knownHostsFiles: [String]
    /// The only host keys to be taken, each as `SHA256:…`, perhaps after the key's
    /// type and a blank: `ssh-ed25519 SHA256:…`.
    public var hostKeyFingerprints: [String]
    /// `nil` takes the SSH configuration's, which is strict unless it says otherwise.
    public var hostKeyPolicy: HostKeyPolicy?
    /// The bastion through which this one is reached.
    public var via: BastionName?
    /// At most so many connections at once.
    public var maxConnections: Int
    /// At most so many commands at once on one connection.
    public var channelsPerConnection: Int
    /// Variables for every command there.
    public var environment: [String: String]
    /// Paths of tools there, by name.
    public var tools: [String: String]
    /// The directory for the files of durable jobs there, absolute or from home (`~/`);
    /// `nil` takes `.bellwether/jobs` in the user's home.
    public var jobsDirectory: String?

    public init(
        _ name: BastionName, host: String? = nil, port: Int? = nil, user: String? = nil,
        identityFiles: [String] = [], via: BastionName? = nil
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.user = user
        self.identityFiles = identityFiles
        self.via = via
        (sshAlias, certificateFile, agentSocket, jobsDirectory) = (nil, nil, nil, nil)
        (knownHostsFiles, hostKeyFingerprints, hostKeyPolicy) = ([], [], nil)
        (maxConnections, channelsPerConnection) = (8, 8)
        (environment, tools) = ([:], [:])
    }
}

/// What to do with a host whose key nobody knows yet.
public enum HostKeyPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// Refuse it.
    case strict
    /// Take it and remember it. A key that has changed is refused all the same.
    case acceptNew = "accept-new"
}
