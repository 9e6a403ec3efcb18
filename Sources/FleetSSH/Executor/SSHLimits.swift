import FleetModel

/// How much may go through one bastion, and how long is waited for it.
public struct SSHLimits: Hashable, Sendable {
    /// Bytes of each stream that a result carries. A list of all pods of a large
    /// cluster is tens of megabytes.
    public var outputKept = 64 << 20
    /// Commands at once, and no more than a bastion's channels have room for. The
    /// lines that stop commands, or ask about them, don't count.
    public var commandsAtOnce = 48
    /// The time between TERM and KILL. Helm takes up to half a minute.
    public var grace: Duration = .seconds(10)
    /// How long past deadline and grace a bastion may be silent about a command
    /// before it is given up.
    public var patience: Duration = .seconds(30)
    /// How long is tried to reach a bastion for a command that was never sent.
    public var connectPatience: Duration = .seconds(60)
    /// The first wait between two tries; it doubles up to the longest.
    public var firstPause: Duration = .milliseconds(250)
    public var longestPause: Duration = .seconds(5)
    /// How long an answer that is whole is given for its channel to close: a
    /// process left in the background may hold it open for ever.
    public var linger: Duration = .seconds(1)

    public init() {}

    /// The grace in the unit of the scripts.
    var gracePolls: Int64 { max(0, grace.inMilliseconds) * 20 / 1_000 }
}
