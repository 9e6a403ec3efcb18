public import FleetModel

/// One step of the plan with what it would do on one cluster.
public struct ExplainedStep: Sendable {
    public let phase: String
    public let step: StepOutline
    public let preview: StepPreview

    public init(phase: String, step: StepOutline, preview: StepPreview) {
        (self.phase, self.step, self.preview) = (phase, step, preview)
    }
}
