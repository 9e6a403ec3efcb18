public import FleetModel

/// What the coordinator wants done next.
public enum Directive: Hashable, Sendable {
    /// Write a decision to the journal. Needs nothing from the outside world.
    case record(Event)
    /// Start an attempt on a cluster.
    case start(Attempt)
    /// Stop an attempt, because its time is up.
    case stop(Attempt, StopReason)
    /// Tell those who are between two items to stop there.
    case drain(Attempt)
    /// Ask again at this time, because nothing can happen before it.
    case wake(at: Timestamp)
    /// Nothing can happen before an operator lets this wave start.
    case awaitApproval(WavePosition)

    public enum StopReason: Hashable, Sendable {
        case progressDeadline(Duration)
        case drainDeadline(Duration)
        case aborted
    }
}
