import FleetModel

/// Windows gate what begins: clusters that are whole, and those somebody takes up again.
extension Coordinator {
    /// The hours in which a cluster may begin the phase at hand; `nil` while no window counts.
    func hours(of place: Int) -> OpenHours? {
        guard plan.windows != nil, let active, !wavesWithoutWindows.contains(active.position)
        else { return nil }
        return hours.hours[hours.number(of: place, inPhase: active.position.phase)]
    }

    /// When a cluster that has not begun may; ``Timestamp/distantFuture`` for never.
    func opening(for place: Int, _ now: Timestamp) -> Timestamp {
        guard let hours = hours(of: place) else { return now }
        return hours.opening(from: now, for: timeNeeded) ?? .distantFuture
    }

    /// How long a window has to be open still for a cluster to begin.
    private var timeNeeded: Duration {
        guard let active else { return .zero }
        return plan.windows?.timeNeeded(for: expectedDuration(at: active.position)) ?? .zero
    }

    /// What nearly every cluster needed so far, and never more than each may: that fits, or there
    /// would be no plan, while a cluster that was left for days says little about the next.
    private func expectedDuration(at position: WavePosition) -> Duration {
        let longest = plan.wave(at: position).progressDeadline
        return min(durations[position.phase].p95 ?? longest, longest)
    }

    /// Until when a cluster between two steps waits for its window; `nil` when it does not.
    func heldUntil(_ place: Int, _ now: Timestamp) -> Timestamp? {
        guard let hours = hours(of: place), isGatedUnderWay(place), !hours.isOpen(at: now) else {
            return nil
        }
        return hours.opening(from: now, for: .zero) ?? .distantFuture
    }

    /// Whether a cluster that has begun is held by a closed window. In the middle of a change
    /// none is.
    private func isGatedUnderWay(_ place: Int) -> Bool {
        let isAnybody = plan.windows?.overrun == .drainToSafePoint
        return (isAnybody || progress[place].isTakenUpAgain)
            && progress[place].isAtSafePoint(in: plan)
    }

    /// Tells those in flight to stop between two items, once their window has closed.
    func overruns(_ active: ActiveWave, _ now: Timestamp) -> [Directive] {
        guard plan.windows?.overrun == .drainToSafePoint else { return [] }
        return attempts(of: underWay(in: active), in: active).filter {
            heldUntil(place(of: $0.cluster), now) != nil
        }.map { .drain($0) }
    }

    /// The next moments at which a window changes what can be done.
    func edges(_ active: ActiveWave, _ now: Timestamp) -> [Timestamp] {
        guard plan.windows != nil else { return [] }
        let fresh = active.fresh.compactMap { lane in
            lane.first.map { opening(for: active.members[$0], now) }
        }
        let underWay = underWay(in: active).map { active.members[$0] }
        let held = underWay.compactMap { heldUntil($0, now) }
        guard plan.windows?.overrun == .drainToSafePoint else { return fresh + held }
        return fresh + held + underWay.compactMap { hours(of: $0)?.span(at: now)?.upperBound }
    }

    /// When the windows close of those who begin now: they are not under way yet, and nobody may
    /// ask again before.
    func closings(for starts: [Directive], _ now: Timestamp) -> [Timestamp] {
        guard plan.windows?.overrun == .drainToSafePoint else { return [] }
        return starts.compactMap { directive in
            guard case .start(let attempt) = directive else { return nil }
            return hours(of: place(of: attempt.cluster))?.span(at: now)?.upperBound
        }
    }

    /// When windows let the wave at hand go on; `nil` when it does not wait for one.
    func nextOpening(after now: Timestamp) -> Timestamp? {
        guard let active, active.inFlight == 0, active.unsettled > 0 else { return nil }
        return edges(active, now).min().flatMap { $0 > now ? $0 : nil }
    }

    /// Time out of window is nobody's fault, and no deadline counts it.
    func timeOutOfWindow(of place: Int, _ now: Timestamp) -> Duration {
        let since = progress[place].since
        guard since < now, let hours = hours(of: place), isGatedUnderWay(place) else {
            return .zero
        }
        return hours.closedTime(in: since..<now)
    }
}

// MARK: - Words

extension Coordinator {
    /// That a cluster waits for its window, and for how long; `nil` when it does not.
    func windowWords(for place: Int, _ now: Timestamp) -> String? {
        windowWait(of: place, now).map { "waits for its window, which opens \($0.until(now))" }
    }

    /// The same as a sentence, with the rules that keep it.
    func windowReason(for place: Int, _ now: Timestamp) -> String? {
        guard let opening = windowWait(of: place, now), let active else { return nil }
        let phase = plan.phases[active.position.phase].name
        let rules = (plan.windows?.rules ?? [])
            .filter { $0.isAbout(phase, of: plan.clusters[place]) }.map(\.description)
        return "Its window opens \(opening.until(now)): \(rules.joined(separator: "; "))".sentence
    }

    private func windowWait(of place: Int, _ now: Timestamp) -> Timestamp? {
        guard let active, memberNumbers[place] < active.members.count,
            active.members[memberNumbers[place]] == place
        else { return nil }
        switch progress[place].state {
        case .planned:
            let opening = opening(for: place, now)
            return opening > now ? opening : nil
        case .ready, .waiting: return heldUntil(place, now)
        case .inFlight, .succeeded, .failed, .deferred: return nil
        }
    }
}
