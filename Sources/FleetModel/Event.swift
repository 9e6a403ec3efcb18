/// Something that happened in a run. The journal holds nothing else.
///
/// Events are facts in the past tense. What should happen next is never
/// stored: it is worked out from the events every time.
public enum Event: Hashable, Sendable, Codable {
    /// The reason is that of an operator who had to give one, and is not in older journals.
    case runStarted(by: String, reason: String? = nil)
    /// A process took charge of the run. Epochs rise; only the latest may write.
    case coordinatorStarted(epoch: Int, host: String, pid: Int)
    case waveStarted(WavePosition)
    /// No cluster was left for the wave to change.
    case waveSkipped(WavePosition)
    /// First contact: the UID of the cluster's kube-system namespace.
    case identityPinned(ClusterName, uid: String)
    case attemptStarted(Attempt)
    case attemptFinished(Attempt, Outcome)
    /// The attempt's preflight found what somebody has answered for, and goes on.
    case findingWaived(Attempt, WaivedFinding)
    case soakStarted(WavePosition, until: Timestamp)
    case wavePassed(WavePosition)
    case waveApproved(WavePosition, by: String)
    /// The wave's clusters need not wait for their windows.
    case windowsWaived(WavePosition, by: String, reason: String)
    /// From here on no cluster starts; those in flight go on to a safe point.
    case runHalting(Halt)
    /// Nothing is in flight any more.
    case runHalted
    case runResumed(by: String, failures: FailureTreatment)
    case runAborted(by: String, reason: String)
    case runCompleted(withExceptions: Bool)
}

/// Why a run stops starting new work.
public enum Halt: Hashable, Sendable, Codable {
    case requested(by: String, reason: String?)
    case canaryFailed(ClusterName, reason: String)
    case failureBudgetSpent(WavePosition, failed: [ClusterName])
    case fleetBudgetSpent(failed: [ClusterName])
    case tooManyDeferred(WavePosition, deferred: [ClusterName])
    case identityMismatch(ClusterName, reason: String)
    case alarmed(ClusterName, reason: String)
}

/// What a resumed run does about the clusters that failed before.
public enum FailureTreatment: Hashable, Sendable, Codable {
    /// They are tried again, from the step that failed.
    case retry
    /// They stay failed, and the operator said why the run may go on without them.
    case accept(reason: String)
}

/// An event with its place in the journal.
public struct JournalEntry: Hashable, Sendable {
    /// Counting from one, without gaps.
    public let sequence: Int
    public let time: Timestamp
    public let event: Event

    public init(sequence: Int, time: Timestamp, event: Event) {
        (self.sequence, self.time, self.event) = (sequence, time, event)
    }
}

/// What another process asks of the coordinator, through the journal's inbox.
public enum Control: Hashable, Sendable, Codable {
    case halt(by: String, reason: String?)
    /// Lets a wave start; `nil` means the one that waits now.
    case approve(WavePosition?, by: String)
    /// Lets a wave's clusters begin outside their windows.
    case waiveWindows(WavePosition, by: String, reason: String)
    /// A halt that does not wait for safe points.
    case abort(by: String, reason: String)
}
