/// How what a runbook did to a cluster is taken back, until it cannot be any more.
public enum WayBack: Hashable, Sendable {
    /// Every cluster goes through these steps, in the phase ``RunbookOutline/rollbackPhase``.
    case steps([StepOutline], until: [End])
    /// The runbook has none, for this reason.
    case none(because: String, hint: String?)

    /// A step of the takeover behind which there is no way back.
    public struct End: Hashable, Sendable {
        public let phase: String
        public let step: String
        /// Why, as a clause.
        public let reason: String

        public init(_ phase: String, _ step: String, because reason: String) {
            (self.phase, self.step, self.reason) = (phase, step, reason)
        }
    }
}
