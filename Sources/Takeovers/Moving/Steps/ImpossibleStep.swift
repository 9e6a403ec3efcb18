import FleetModel

/// A step that cannot be done, and says why.
struct ImpossibleStep: StepRecipe {
    let outline: StepOutline
    let reason: String

    let patience = Patience(timeout: .minutes(1), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        .failed(Failure(.terminal, reason))
    }

    var preview: StepPreview { StepPreview(proof: "none: \(reason)") }
}
