public import FleetModel

/// How much an OpenSSH transport may use of one bastion.
public struct OpenSSHLimits: Hashable, Sendable {
    /// Connections at once.
    public var connections = 8
    /// Commands at once on one connection.
    public var channelsPerConnection = 8
    /// Channels of each connection that are kept for the urgent: for lines that end what
    /// other lines run. With the usual 8 it makes the 10 that sshd gives unless told else.
    public var reserve = 2
    /// The wait after a connection that failed; it doubles up to the longest.
    public var firstPause: Duration = .milliseconds(500)
    public var longestPause: Duration = .seconds(15)

    public init() {}

    /// What the inventory allows.
    public init(for bastion: Bastion) {
        (connections, channelsPerConnection) = (
            bastion.maxConnections, bastion.channelsPerConnection
        )
    }

    /// How many of the channels a connection has room for may be used by who is in no hurry.
    func shared(of room: Int) -> Int { min(channelsPerConnection, max(1, room - reserve)) }
}
