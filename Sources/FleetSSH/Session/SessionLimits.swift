/// How patient a connection is, and how much it holds at once.
///
/// Tests shorten what takes long in the world; everybody else takes what is here.
public struct SessionLimits: Sendable {
    /// Commands at once on one connection. sshd's MaxSessions is 10 unless raised; one
    /// more is kept open ahead of time, and one is left to others.
    public var channels = 8
    /// Hosts reached through one connection at once. sshd sets no limit; 8 connections
    /// share what one TCP connection carries.
    public var tunnels = 8
    /// For an answer to an open or a start. libssh2 itself gives up after 60 s, and
    /// then leaves the session unfit for another open.
    public var answerDeadline = Duration.seconds(10)
    /// After so much silence we ask for a sign of life. Also keeps NATs open.
    public var silenceBeforeAsking = Duration.seconds(15)
    /// After so much silence the far side is dead; it was asked twice by then.
    public var silenceBeforeDeath = Duration.seconds(45)
    /// Commands nobody waits for any more that one connection may still carry. They
    /// hold channels that others need.
    public var abandoned = 2
    /// Bytes given to a socket at once. There for tests.
    var sendAtMost = Int.max
    /// Turns the order in which channels are looked at. There for tests.
    var rotate: @Sendable (Int) -> Int = { _ in 0 }

    public init() {}
}
