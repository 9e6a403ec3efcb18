import FleetModel

/// A line of the view with the waves, and so the clusters, that stand under it.
struct RunSection: Hashable, Sendable {
    let kind: Kind
    /// Positions in ``RunSnapshot/waves``; empty for the heading of a phase
    /// whose waves follow one by one.
    let waves: Range<Int>
    let indent: Int

    enum Kind: Hashable, Sendable {
        case phase(String, RunSnapshot.WaveView.State)
        case foldedPhase(String, RunSnapshot.WaveView.State)
        case wave(Int, isQualified: Bool)
        case foldedWaves(RunSnapshot.WaveView.State)
    }

    func holds(_ wave: Int) -> Bool { waves.contains(wave) }
}

/// Divides a run into the lines that a fold leaves of it.
struct RunSections {
    let snapshot: RunSnapshot
    let fold: Fold

    private var waves: [RunSnapshot.WaveView] { snapshot.waves }

    var sections: [RunSection] {
        let phases = runs(of: waves.indices) { $0.phase == $1.phase }
        return phases.flatMap { phase in
            phases.count == 1 ? self.waves(in: phase, indent: 1) : sections(of: phase)
        }
    }

    private func sections(of phase: Range<Int>) -> [RunSection] {
        let (name, state) = (waves[phase.lowerBound].phase, state(of: phase))
        guard isFolded(state) else {
            if fold == .allButCurrent { return waves(in: phase, indent: 1, isQualified: true) }
            let heading = RunSection(kind: .phase(name, state), waves: 0..<0, indent: 1)
            return [heading] + waves(in: phase, indent: 3)
        }
        guard fold < .allButCurrent || isNamed(phase) else { return [] }
        return [RunSection(kind: .foldedPhase(name, state), waves: phase, indent: 1)]
    }

    private func isFolded(_ state: RunSnapshot.WaveView.State) -> Bool {
        switch state {
        case .passed, .skipped: fold >= .finishedPhases
        case .pending: fold >= .otherPhases
        case .awaitingApproval, .rolling, .soaking: false
        }
    }

    /// Whether a cluster that failed or was left aside is in one of these waves.
    private func isNamed(_ waves: Range<Int>) -> Bool {
        snapshot.clusters.contains { waves.contains($0.wave) && $0.state.isSettled }
    }

    /// A phase stands where the first of its waves stands that has not passed.
    private func state(of phase: Range<Int>) -> RunSnapshot.WaveView.State {
        let states = waves[phase].map(\.state)
        guard let current = states.first(where: { !$0.isOver }) else { return .passed }
        let hasBegun = states.contains { $0.isOver }
        return current == .pending && hasBegun ? .rolling : current
    }

    /// The waves of a phase. Those under way keep a line each; neighbours that
    /// have all passed, or have all yet to come, may share one.
    private func waves(in phase: Range<Int>, indent: Int, isQualified: Bool = false) -> [RunSection]
    {
        let single = { (wave: Int) in
            RunSection(
                kind: .wave(wave, isQualified: isQualified), waves: wave..<(wave + 1),
                indent: indent)
        }
        guard fold >= .otherWaves else { return phase.map(single) }
        let groups = runs(of: phase) { $0.state == $1.state && !$0.state.isCurrent }
        return groups.compactMap { group in
            let state = waves[group.lowerBound].state
            guard state.isCurrent || fold < .allButCurrent || isNamed(group) else { return nil }
            if group.count == 1 { return single(group.lowerBound) }
            return RunSection(kind: .foldedWaves(state), waves: group, indent: indent)
        }
    }

    /// The longest stretches of neighbours that belong together.
    private func runs(
        of range: Range<Int>,
        together: (RunSnapshot.WaveView, RunSnapshot.WaveView) -> Bool
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for index in range {
            if let last = result.last, together(waves[last.upperBound - 1], waves[index]) {
                result[result.count - 1] = last.lowerBound..<(index + 1)
            } else {
                result.append(index..<(index + 1))
            }
        }
        return result
    }
}
