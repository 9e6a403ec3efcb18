/// How much an OpenSSH transport may use of one bastion.
public struct OpenSSHLimits: Hashable, Sendable {
    /// Connections at once.
    public var connections = 8
    /// Commands at once on one connection. sshd's own limit is 10 unless raised.
    public var channelsPerConnection = 10
    /// The wait after a connection that failed; it doubles up to the longest.
    public var firstPause: Duration = .milliseconds(500)
    public var longestPause: Duration = .seconds(15)

    public init() {}
}
