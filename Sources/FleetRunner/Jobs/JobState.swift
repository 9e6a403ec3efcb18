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
    /// Claimed, and then cancelled, or its supervisor died, before it began.
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
        let isGuarded = !isStopComplete && isAlive(claim)
        if end != nil { return stopReason != nil && isGuarded ? .running : .ended }
        if let recorder, isAlive(recorder) { return .running }
        guard recorder != nil || startedAt != nil else { return isGuarded ? .running : .abandoned }
        // With the recorder gone the guard has nothing to wait for but the deadline.
        guard isGuarded else { return .lost }
        return stopReason == nil ? .orphaned : .running
    }
}
