/// How the way to a cluster's API server is broken.
public enum TransportFault: Hashable, Sendable {
    /// Connections are cut before an answer.
    case unreachable
    /// Every answer comes this much later (real time, whatever the lab's speed).
    case slow(Duration)
    /// Requests are taken and never answered.
    case hung
}
