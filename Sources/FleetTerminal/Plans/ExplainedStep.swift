public import FleetModel

/// One step of the plan with what it would do on one cluster, and for how long.
public struct ExplainedStep: Sendable {
    public let phase: String
    public let step: StepOutline
    public let timeout: Duration
    public let poll: Duration
    /// How much longer it may take while something is being watched.
    public let hold: Duration
    public let preview: StepPreview

    public init(phase: String, _ step: Step) {
        self.phase = phase
        self.step = step.outline
        (timeout, poll, hold) = (step.timeout, step.poll, step.hold)
        preview = step.preview
    }
}
