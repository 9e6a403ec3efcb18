import FleetModel

/// Finds the names behind an event's positions.
///
/// A journal may have been written for another plan than the one at hand, so a
/// position that leads nowhere is shown by its number.
struct PlanNames: Sendable {
    private let plan: Plan
    /// For each phase, the wave of each of its clusters.
    private let waves: [[ClusterName: Int]]

    init(_ plan: Plan) {
        self.plan = plan
        waves = plan.phases.map { phase in
            let pairs = phase.waves.enumerated().flatMap { index, wave in
                wave.clusters.map { ($0, index) }
            }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
    }

    func phase(_ index: Int) -> String { phaseValue(index)?.name ?? "phase \(index)" }

    func wave(_ position: WavePosition) -> String {
        waveValue(position)?.name ?? "wave \(position.wave)"
    }

    func step(of attempt: Attempt) -> String {
        outline(of: attempt)?.name ?? "step \(attempt.step)"
    }

    func outline(of attempt: Attempt) -> StepOutline? {
        guard let steps = phaseValue(attempt.phase)?.steps, steps.indices.contains(attempt.step)
        else { return nil }
        return steps[attempt.step]
    }

    func waveValue(_ position: WavePosition) -> Wave? {
        guard let waves = phaseValue(position.phase)?.waves, waves.indices.contains(position.wave)
        else { return nil }
        return waves[position.wave]
    }

    /// The wave in which a cluster goes through a phase.
    func wave(of cluster: ClusterName, phase: Int) -> String? {
        guard waves.indices.contains(phase), let index = waves[phase][cluster] else { return nil }
        return plan.phases[phase].waves[index].name
    }

    private func phaseValue(_ index: Int) -> Phase? {
        plan.phases.indices.contains(index) ? plan.phases[index] : nil
    }
}
