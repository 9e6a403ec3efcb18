import FleetModel

/// Notes what can't be right about the waves of a phase, taken together.
struct WaveChecks {
    let log: MistakeLog

    func check(_ waves: [WaveDecoder.DraftWave]) {
        checkNames(waves)
        checkMembers(waves)
        checkRest(waves)
        checkCanaries(waves)
        for draft in waves { checkTolerance(draft) }
    }

    private func checkNames(_ waves: [WaveDecoder.DraftWave]) {
        var seen: [String: SourceLocation] = [:]
        for draft in waves {
            let name = draft.wave.name
            if let first = seen[name] {
                log.note(.duplicateName("wave", name, first: first, at: draft.location))
            } else {
                seen[name] = draft.location
            }
        }
    }

    private func checkMembers(_ waves: [WaveDecoder.DraftWave]) {
        var seen: [String: SourceLocation] = [:]
        for draft in waves {
            if draft.wave.members == .named([]) {
                log.note(.emptyWave(draft.wave.name, at: draft.location))
            }
            for name in draft.names {
                if let first = seen[name.value] {
                    log.note(.clusterInTwoWaves(name.value, first: first, at: name.place))
                } else {
                    seen[name.value] = name.place
                }
            }
        }
    }

    private func checkRest(_ waves: [WaveDecoder.DraftWave]) {
        guard let rest = waves.firstIndex(where: { $0.wave.members == .rest }) else { return }
        for draft in waves[(rest + 1)...] {
            log.note(
                .waveAfterRest(draft.wave.name, rest: waves[rest].location, at: draft.location))
        }
    }

    private func checkCanaries(_ waves: [WaveDecoder.DraftWave]) {
        let leading = waves.prefix { $0.wave.isCanary }.count
        for draft in waves.dropFirst(leading) where draft.wave.isCanary {
            log.note(.canaryTooLate(draft.wave.name, at: draft.location))
        }
    }

    /// Whether a count is the whole wave, only the planner can tell.
    private func checkTolerance(_ draft: WaveDecoder.DraftWave) {
        guard draft.wave.maxFailures == .percent(100), !draft.wave.allowTotalLoss else { return }
        log.note(.totalLoss(draft.wave.name, at: draft.location))
    }
}
