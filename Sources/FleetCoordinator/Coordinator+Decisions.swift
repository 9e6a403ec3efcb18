public import FleetModel

extension Coordinator {
    /// Everything that can be done now, given all facts so far.
    ///
    /// A decision to record comes alone: what follows from it is asked for again.
    public func directives(at now: Timestamp) -> [Directive] {
        switch (stage, motion) {
        case (.completed, _), (_, .halted), (_, .aborted): []
        case (_, .draining(_, let since)): draining(since: since, now)
        case (_, .aborting): aborting()
        case (.ready(let position), .going): [opening(of: position)]
        case (.rolling(let position), .going): rolling(position, now)
        case (.soaking(let position, let until), .going):
            [now < until ? .wake(at: until) : .record(.wavePassed(position))]
        }
    }

    private func opening(of position: WavePosition?) -> Directive {
        guard let position else { return .record(.runCompleted(withExceptions: hasExceptions)) }
        if eligible(at: position).isEmpty { return .record(.waveSkipped(position)) }
        let mayStart = !plan.wave(at: position).needsApproval || approvedWaves.contains(position)
        return mayStart ? .record(.waveStarted(position)) : .awaitApproval(position)
    }

    private var hasExceptions: Bool {
        let last = plan.phases.count - 1
        return !progress.allSatisfy { $0.state == .succeeded && $0.phase == last }
    }

    private func rolling(_ position: WavePosition, _ now: Timestamp) -> [Directive] {
        guard let active else { preconditionFailure("\(position) is rolling without a wave.") }
        if let haltTrigger { return [.record(.runHalting(haltTrigger))] }
        if active.unsettled == 0 { return [.record(passing(position, now))] }
        let starts = starts(active, now)
        return overdue(active, now) + overruns(active, now) + starts
            + wakes(active, now, after: starts)
    }

    private func passing(_ position: WavePosition, _ now: Timestamp) -> Event {
        let soak = plan.wave(at: position).soak
        return soak > .zero ? .soakStarted(position, until: now + soak) : .wavePassed(position)
    }
}

// MARK: - Starting

extension Coordinator {
    /// Clusters between steps first, then due retries, then new ones: a cluster
    /// in a mixed state should not wait for one that is still whole.
    private func starts(_ active: ActiveWave, _ now: Timestamp) -> [Directive] {
        let slots = slots(in: active)
        guard slots > 0 else { return [] }
        var management = active.inFlightByManagement
        var chosen: [Int] = []
        func choose(from members: some Sequence<Int>) {
            for member in members {
                guard chosen.count < slots else { return }
                if claim(member, in: active, &management) { chosen.append(member) }
            }
        }
        choose(from: continuing(active, now))
        choose(from: active.retries(dueAt: now).filter { !isHeld($0, in: active, now) })
        let room = min(slots - chosen.count, freshRoom(in: active))
        chosen += fresh(active, upTo: room, &management, now)
        return chosen.map { start($0, in: active) }
    }

    private func start(_ member: Int, in active: ActiveWave) -> Directive {
        let place = active.members[member]
        return .start(progress[place].nextAttempt(on: plan.clusters[place].name))
    }

    private func slots(in active: ActiveWave) -> Int {
        min(plan.wave(at: active.position).maxConcurrency, plan.limits.maxConcurrency)
            - active.inFlight
    }

    /// How many new clusters the failure budget lets begin. Under strict exposure
    /// everything under way could fail and the budget would still be exceeded by
    /// no more than one.
    private func freshRoom(in active: ActiveWave) -> Int {
        let wave = plan.wave(at: active.position)
        guard wave.exposure == .strict else { return .max }
        return max(0, wave.maxFailures + 1 - active.failed - active.begun)
    }

    private func continuing(_ active: ActiveWave, _ now: Timestamp) -> [Int] {
        current(active.continuing, in: active) { $0.state == .ready }
            .filter { !isHeld($0, in: active, now) }
    }

    private func isHeld(_ member: Int, in active: ActiveWave, _ now: Timestamp) -> Bool {
        heldUntil(active.members[member], now) != nil
    }

    /// Who of a queue still is what it was put there for, each once.
    private func current(
        _ queue: ClusterQueue, in active: ActiveWave, where isMeant: (ClusterProgress) -> Bool
    ) -> [Int] {
        var seen: Set<Int> = []
        return queue.remaining
            .filter { isMeant(progress[active.members[$0]]) && seen.insert($0).inserted }
    }

    private func fresh(
        _ active: ActiveWave, upTo room: Int, _ management: inout [Int], _ now: Timestamp
    ) -> [Int] {
        let open = openLanes(of: active, now)
        var taken = Array(repeating: 0, count: active.fresh.count)
        var members: [Int] = []
        while members.count < room {
            let heads = open.compactMap { lane -> (member: Int, lane: Int)? in
                let queue = active.fresh[lane].remaining
                guard hasRoom(lane % managementCount, management), taken[lane] < queue.count
                else { return nil }
                return (queue[queue.startIndex + taken[lane]], lane)
            }
            guard let next = heads.min(by: { $0.member < $1.member }) else { break }
            members.append(next.member)
            taken[next.lane] += 1
            management[next.lane % managementCount] += 1
        }
        return members
    }

    /// The lanes whose clusters may begin now, by their windows.
    private func openLanes(of active: ActiveWave, _ now: Timestamp) -> [Int] {
        active.fresh.indices.filter { lane in
            active.fresh[lane].first.map { opening(for: active.members[$0], now) <= now } ?? false
        }
    }

    private func claim(_ member: Int, in active: ActiveWave, _ management: inout [Int]) -> Bool {
        let group = self.management[active.members[member]]
        guard hasRoom(group, management) else { return false }
        management[group] += 1
        return true
    }

    /// Clusters without a management cluster are the last group and have no limit.
    private func hasRoom(_ group: Int, _ inFlight: [Int]) -> Bool {
        guard let limit = plan.limits.managementConcurrency, group < managementCount - 1 else {
            return true
        }
        return inFlight[group] < limit
    }
}

// MARK: - Time

extension Coordinator {
    private func overdue(_ active: ActiveWave, _ now: Timestamp) -> [Directive] {
        let patience = plan.wave(at: active.position).progressDeadline
        let underWay = active.underWay.remaining.lazy.map { progress[active.members[$0]] }
        // In the order of their deadlines, but for time out of window.
        let isOrdered = plan.windows == nil
        return
            underWay
            .prefix { !isOrdered || $0.isSettled || now >= $0.deadlineBase + patience }
            .compactMap { progress in
                guard case .inFlight(let attempt) = progress.state,
                    now >= progress.deadlineBase + patience
                else { return nil }
                return .stop(attempt, .progressDeadline(patience))
            }
    }

    private func wakes(
        _ active: ActiveWave, _ now: Timestamp, after starts: [Directive]
    ) -> [Directive] {
        let patience = plan.wave(at: active.position).progressDeadline
        let newDeadline = starts.isEmpty ? nil : now + patience
        let nextRetry = active.nextRetry(after: now)
        let times = [nextDeadline(active, now), newDeadline, nextRetry].compactMap { $0 }
        let next = (times + edges(active, now) + closings(for: starts, now))
            .filter { $0 > now && $0 < .distantFuture }.min()
        return next.map { [.wake(at: $0)] } ?? []
    }

    private func nextDeadline(_ active: ActiveWave, _ now: Timestamp) -> Timestamp? {
        let patience = plan.wave(at: active.position).progressDeadline
        let deadlines = active.underWay.remaining.lazy.map { progress[active.members[$0]] }
            .filter { $0.isUnderWay && $0.deadlineBase + patience > now }
            .map { $0.deadlineBase + patience }
        return plan.windows == nil ? deadlines.first : deadlines.min()
    }
}

// MARK: - Halting

extension Coordinator {
    private func draining(since: Timestamp, _ now: Timestamp) -> [Directive] {
        guard let active, active.begun > 0 else { return [.record(.runHalted)] }
        let underWay = underWay(in: active)
        let patience = drainDeadline(of: underWay, in: active)
        let end = since + patience
        if now >= end { return stopping(.drainDeadline(patience)) }
        let isSafe = { (member: Int) in progress[active.members[member]].isAtSafePoint(in: plan) }
        let unsafe = underWay.filter { !isSafe($0) }
        if active.inFlight == 0 && unsafe.isEmpty { return [.record(.runHalted)] }
        let soonest = unsafe.compactMap { nextTry(of: $0, in: active) }.filter { $0 > now }.min()
        return attempts(of: underWay.filter(isSafe), in: active).map { .drain($0) }
            + unsafe.filter { mayGoOn($0, in: active, now) }.map { start($0, in: active) }
            + [.wake(at: min(end, soonest ?? end))]
    }

    /// Who has raised an alarm goes on to the end of its phase, and has as long for it as ever.
    private func drainDeadline(of underWay: [Int], in active: ActiveWave) -> Duration {
        let isUrgent = underWay.contains { progress[active.members[$0]].isUrgent }
        let usual = plan.limits.drainDeadline
        return isUrgent ? max(usual, plan.wave(at: active.position).progressDeadline) : usual
    }

    private func mayGoOn(_ member: Int, in active: ActiveWave, _ now: Timestamp) -> Bool {
        switch progress[active.members[member]].state {
        case .ready: true
        case .waiting(let until): until <= now
        case .planned, .inFlight, .succeeded, .failed, .deferred: false
        }
    }

    private func nextTry(of member: Int, in active: ActiveWave) -> Timestamp? {
        guard case .waiting(let until) = progress[active.members[member]].state else { return nil }
        return until
    }

    private func aborting() -> [Directive] { stopping(.aborted) }

    private func stopping(_ reason: Directive.StopReason) -> [Directive] {
        guard let active else { return [.record(.runHalted)] }
        let inFlight = attempts(of: underWay(in: active), in: active)
        return inFlight.isEmpty ? [.record(.runHalted)] : inFlight.map { .stop($0, reason) }
    }

    /// Members that have begun and not ended; nothing else can be in flight.
    func underWay(in active: ActiveWave) -> [Int] {
        current(active.underWay, in: active) { $0.isUnderWay }
    }

    func attempts(of members: [Int], in active: ActiveWave) -> [Attempt] {
        members.compactMap { member in
            guard case .inFlight(let attempt) = progress[active.members[member]].state else {
                return nil
            }
            return attempt
        }
    }
}
