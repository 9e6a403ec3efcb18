/// Where a durable job stands.
///
/// ```
/// unknown ─▶ claimed ─▶ running ─▶ ended
///               │          ├─────▶ orphaned ─▶ lost
///               ▼          ▼
///           abandoned     lost
/// ```
enum JobState: Hashable, Sendable {
    /// Nothing of that id is here.
    case unknown
    /// The claim's file is there and still empty.
    case claimed
    case running
    case ended
    /// Claimed, and its supervisor died before it began the command.
    case abandoned
    /// The command lives on; those who would have recorded its end do not.
    case orphaned
    case lost
}

extension JobFacts {
    /// Where the job stands, as far as its facts and its supervisors tell.
    ///
    /// An end is only final once a stop under way has seen to the whole tree,
    /// or was itself killed.
    func state(isAlive: (ProcessIdentity) -> Bool) -> JobState {
        guard let claim else { return .claimed }
        if end != nil {
            let isStopping = stopReason != nil && !isStopComplete && warden.map(isAlive) == true
            return isStopping ? .running : .ended
        }
        let supervisors = [recorder, recorder == nil ? claim : nil, stopping].compactMap { $0 }
        if supervisors.contains(where: isAlive) { return .running }
        return startedAt == nil ? .abandoned : .lost
    }

    /// The guard, while it puts down a command whose recorder is gone.
    private var stopping: ProcessIdentity? { isStopComplete ? nil : warden }
}
