/// How many connections a pool keeps to one bastion, and for how long.
public struct PoolLimits: Sendable {
    /// At most so many at once. Each costs the bastion 2 MB and two processes.
    public var connections = 8
    /// At most so many being made at once: sshd's MaxStartups begins to refuse at 10,
    /// and there are others.
    public var connecting = 4
    /// A connection unused for so long is closed, but for one.
    public var idle = Duration.seconds(300)
    /// The first pause after the bastion had no room for a connection.
    public var firstPause = Duration.milliseconds(100)
    /// No pause is longer.
    public var longestPause = Duration.seconds(3)
    /// A line goes back into the queue so often when a channel closes under it before
    /// it was sent.
    public var starts = 3
    /// A host that hangs up while keys are exchanged is asked again so often.
    public var handshakes = 2
    public var session = SessionLimits()
    public var dispatch = DispatchLimits()

    public init() {}
}
