/// One try at one step on one cluster.
///
/// The four together are the attempt's identity, so the same attempt has the
/// same name in the journal, in the logs and on the host that runs its commands.
public struct Attempt: Hashable, Sendable, Codable {
    public let cluster: ClusterName
    /// Position of the phase in the plan, from zero.
    public let phase: Int
    /// Position of the step in the phase, from zero.
    public let step: Int
    /// Which try this is, from one.
    public let number: Int

    public init(cluster: ClusterName, phase: Int, step: Int, number: Int) {
        self.cluster = cluster
        self.phase = phase
        self.step = step
        self.number = number
    }

    /// The name of the attempt's n-th mutating command, counting from one.
    public func commandID(_ ordinal: Int, run: RunID) -> CommandID {
        CommandID("\(run).\(cluster).\(phase).\(step).\(number).\(ordinal)")
    }
}

/// How an attempt ended.
public enum Outcome: Hashable, Sendable, Codable {
    /// The step is done; `changed` is false when it was done before we came.
    case succeeded(changed: Bool)
    case failed(Failure)
    /// The coordinator died while the attempt was in flight, so nobody knows.
    case lost
}

/// Why an attempt did not succeed.
public struct Failure: Hashable, Sendable, Codable {
    public let kind: Kind
    /// What the operator reads: one clause, naming the thing.
    public let reason: String

    public init(_ kind: Kind, _ reason: String) { (self.kind, self.reason) = (kind, reason) }

    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The step said no, and would say no again.
        case terminal
        /// Worth another try: a conflict, a refused connection that came back.
        case transient
        /// The step's or the cluster's deadline passed.
        case timedOut
        /// The API server or the bastion could not be reached.
        case unreachable
        /// The cluster was unwell before anything was touched.
        case blocked
        /// The context leads to another cluster than it did. Halts the fleet.
        case identityMismatch
        /// Work was stopped at its deadline and nobody can say how far it came.
        case inDoubt
        /// The step was left at a safe point because the run is halting, or its window has
        /// closed. Not a failure.
        case interrupted
        /// The step came to its end with something that must stop the fleet. No cluster begins any
        /// more, and this one goes on to the end of its phase, for it can't be left before.
        case alarm
    }
}
