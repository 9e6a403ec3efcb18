/// When lines go through a dispatcher, and how many.
public struct DispatchLimits: Sendable {
    /// From which round trip on. On a quicker link eight connections start 800 lines a
    /// second, more than a bastion's processors do.
    public var roundTrip = Duration.milliseconds(10)
    /// How many lines must wait, for each connection there may be: those that a
    /// connection starts in so many round trips.
    public var backlog = 2
    /// Lines at once, each two processes and two files of the bastion's.
    public var lines = 64
    /// How long one without a line stays.
    public var idle = Duration.seconds(60)
    /// A bastion where so many ended in mid-work isn't asked for another.
    public var failures = 3
    /// How long its shell may say nothing when it is asked.
    var answerDeadline = Duration.seconds(10)

    public init() {}
}
