import FleetModel

// MARK: - Windows

extension RunChecker {
    /// A cluster that is whole begins only where its window stays open for long enough; one that
    /// is taken up again, or may be left at a safe point, goes on only inside one.
    func withinWindows(_ attempt: Attempt, _ story: ClusterStory, at now: Timestamp) throws {
        guard let windows = plan.windows, let wave = currentWave,
            !wavesWithoutWindows.contains(wave),
            let cluster = plan.clusters.first(where: { $0.name == attempt.cluster })
        else { return }
        let phase = plan.phases[wave.phase].name
        guard story.hasBegun else {
            let end = now + windows.margin + (windows.overrun == .finish ? expected(wave) : .zero)
            let closes = edges(from: now, to: end).contains { !isOpen(phase, cluster, at: $0) }
            return try promise(!closes, "\(attempt) began while its window closes")
        }
        let isGated = windows.overrun == .drainToSafePoint || story.isTakenUpAgain
        guard isGated, isSafe(attempt.cluster) else { return }
        try promise(isOpen(phase, cluster, at: now), "\(attempt) went on out of its window")
    }

    /// Every moment between two at which a rule may begin or end to hold, and the first of all.
    private func edges(from start: Timestamp, to end: Timestamp) -> [Timestamp] {
        let edges = times.rules.flatMap(\.spans).flatMap { [$0.lowerBound, $0.upperBound] }
        return [start] + edges.filter { $0 > start && $0 < end }
    }

    private func isOpen(_ phase: String, _ cluster: Cluster, at time: Timestamp) -> Bool {
        let rules = zip(plan.windows?.rules ?? [], times.rules).filter { rule, _ in
            rule.isAbout(phase, of: cluster)
        }
        let holds = { (effect: WindowRule.Effect) in
            rules.contains { rule, hours in
                rule.effect == effect && hours.spans.contains { $0.contains(time) }
            }
        }
        let isFree = !rules.contains { $0.0.effect == .allow }
        return (isFree || holds(.allow)) && !holds(.deny)
    }

    private func expected(_ wave: WavePosition) -> Duration {
        let known = (durations[wave.phase] ?? []).sorted()
        let longest = plan.wave(at: wave).progressDeadline
        guard known.count >= 3 else { return longest }
        let usual = known.first { candidate in
            known.count { $0 <= candidate } * 100 >= known.count * 95
        }
        return min(usual ?? .zero, longest)
    }

    mutating func note(_ story: ClusterStory, in phase: Int, endedAt now: Timestamp) {
        guard story.hasChanged, let begunAt = story.begunAt else { return }
        durations[phase, default: []].append(now - begunAt)
    }

    /// Whoever takes charge asks the windows again.
    mutating func takeUpAgain() {
        for (name, story) in stories where story.hasBegun { stories[name]?.isTakenUpAgain = true }
    }
}
