import FleetModel

/// What must hold of a cluster after every step that changes it, whatever the runbook.
public struct Invariants: Sendable {
    /// Whether a cluster is left as it is, so that nothing is held against anybody.
    typealias Sparing = @Sendable (ClusterView) throws(Pause) -> Bool

    let move: Move
    private let isSpared: Sparing

    init(_ move: Move, sparing isSpared: @escaping Sparing = { _ in false }) {
        (self.move, self.isSpared) = (move, isSpared)
    }

    /// The steps of a phase, those that change something watched over.
    func guarding(
        _ steps: [Step], own: Set<String>, phase: String, in outline: RunbookOutline
    ) -> [Step] {
        let move = phase == RunbookOutline.rollbackPhase ? move.back : move
        let places = Place.all(
            of: steps.map(\.outline.name), own: own, phase: phase, in: outline)
        return zip(steps, places).map { step, place in
            guard step.changesSomething else { return step }
            return GuardedStep(step, StepWatch(move, at: place, sparing: isSpared)).step
        }
    }
}

extension Step {
    fileprivate var changesSomething: Bool {
        !preview.acts.isEmpty && !Exemption.unguarded.contains(outline.name)
    }
}
