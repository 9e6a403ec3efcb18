public import FleetModel

extension Coordinator {
    /// Takes in one fact from the journal.
    public mutating func apply(_ event: Event, at now: Timestamp) {
        switch event {
        case .runStarted(_, let reason): (startedAt, startReason) = (now, reason)
        case .coordinatorStarted(let epoch, _, _): takeCharge(epoch, at: now)
        case .waveStarted(let position): open(position)
        case .waveSkipped(let position): stage = .ready(plan.position(after: position))
        case .identityPinned(let cluster, let uid): pin(cluster, to: uid)
        case .attemptStarted(let attempt): start(attempt, at: now)
        case .attemptFinished(let attempt, let outcome): finish(attempt, outcome, at: now)
        case .findingWaived(let attempt, let finding):
            waivedFindings[attempt.cluster, default: [:]][finding.check] = finding
        case .soakStarted(let position, let until): stage = .soaking(position, until: until)
        case .wavePassed(let position): pass(position)
        case .waveApproved(let position, _): approvedWaves.insert(position)
        case .windowsWaived(let position, _, _): wavesWithoutWindows.insert(position)
        case .runHalting(let halt): (motion, haltTrigger) = (.draining(halt, since: now), nil)
        case .runHalted: comeToRest()
        case .runResumed(_, let failures): resume(failures, at: now)
        case .runAborted(let by, let reason): motion = .aborting(by: by, reason: reason)
        case .runCompleted(let withExceptions): complete(withExceptions, at: now)
        }
    }

    private mutating func takeCharge(_ epoch: Int, at now: Timestamp) {
        self.epoch = epoch
        takeUpAgain(at: now)
    }

    /// The first contact holds; a later one can only be compared with it.
    private mutating func pin(_ cluster: ClusterName, to uid: String) {
        pinnedIdentities[cluster] = pinnedIdentities[cluster] ?? uid
    }

    private mutating func complete(_ withExceptions: Bool, at now: Timestamp) {
        (stage, active) = (.completed(withExceptions: withExceptions), nil)
        endedAt = now
    }

    private mutating func comeToRest() {
        switch motion {
        case .draining(let halt, _): motion = .halted(halt)
        case .aborting(let by, let reason): motion = .aborted(by: by, reason: reason)
        case .going, .halted, .aborted: break
        }
    }
}

// MARK: - Waves

extension Coordinator {
    /// The clusters a wave would change: those that succeeded in the phase before.
    func eligible(at position: WavePosition) -> [Int] {
        plan.wave(at: position).clusters.compactMap { places[$0] }
            .filter { position.phase == 0 || hasSucceeded($0, inPhase: position.phase - 1) }
    }

    private func hasSucceeded(_ place: Int, inPhase phase: Int) -> Bool {
        progress[place].state == .succeeded && progress[place].phase == phase
    }

    private mutating func open(_ position: WavePosition) {
        let members = eligible(at: position)
        for place in members { progress[place].enter(phase: position.phase) }
        active = ActiveWave(
            at: position, members: members,
            lanes: members.map { lane(of: $0, inPhase: position.phase) }, laneCount: laneCount,
            managementCount: managementCount)
        for (member, place) in members.enumerated() { memberNumbers[place] = member }
        stage = .rolling(position)
    }

    private mutating func pass(_ position: WavePosition) {
        (stage, active) = (.ready(plan.position(after: position)), nil)
    }

    /// Clusters with the same management cluster and the same windows are one lane: may the
    /// first of it begin, so may the next.
    private func lane(of place: Int, inPhase phase: Int) -> Int {
        hours.number(of: place, inPhase: phase) * managementCount + management[place]
    }

    private var laneCount: Int { hours.hours.count * managementCount }

    private mutating func takeUpAgain(at now: Timestamp) {
        guard let active else { return }
        for member in active.underWay.remaining {
            progress[active.members[member]].takeUpAgain(at: now)
        }
    }
}

// MARK: - Attempts

extension Coordinator {
    private mutating func start(_ attempt: Attempt, at now: Timestamp) {
        let place = place(of: attempt.cluster)
        let member = memberNumbers[place]
        let before = progress[place].state
        let timeOutOfWindow = timeOutOfWindow(of: place, now)
        progress[place].start(attempt, at: now)
        if before == .planned {
            let lane = lane(of: place, inPhase: attempt.phase)
            active?.began(member, lane: lane)
        } else {
            progress[place].extendDeadline(by: timeOutOfWindow)
        }
        if case .waiting(let until) = before { active?.dropRetry(of: member, until: until) }
        active?.tookOff(management: management[place])
        tidy()
    }

    private mutating func finish(_ attempt: Attempt, _ outcome: Outcome, at now: Timestamp) {
        let place = place(of: attempt.cluster)
        let member = memberNumbers[place]
        progress[place].finish(attempt, outcome, in: plan, at: now)
        active?.landed(management: management[place])
        switch progress[place].state {
        case .ready: active?.continue(member)
        case .waiting(let until): active?.wait(member, until: until)
        case .succeeded: comeThrough(place, at: now)
        case .failed(let failure): fail(attempt.cluster, failure)
        case .deferred: putAside()
        case .planned, .inFlight: preconditionFailure("\(attempt) ended as \(outcome).")
        }
        if case .failed(let failure) = outcome, failure.kind == .alarm {
            haltTrigger = haltTrigger ?? .alarmed(attempt.cluster, reason: failure.reason)
        }
        tidy()
    }

    private mutating func comeThrough(_ place: Int, at now: Timestamp) {
        settle()
        guard progress[place].hasChangedInPhase else { return }
        durations[progress[place].phase].insert(now - progress[place].begunAt)
    }

    private mutating func settle() {
        active?.begun -= 1
        active?.unsettled -= 1
    }

    private mutating func fail(_ cluster: ClusterName, _ failure: Failure) {
        settle()
        active?.failed += 1
        fleetFailures += 1
        haltTrigger = haltTrigger ?? reasonToHalt(after: cluster, failure)
    }

    private mutating func putAside() {
        settle()
        active?.deferred += 1
        guard let active, haltTrigger == nil else { return }
        let limit = plan.wave(at: active.position).isCanary ? 0 : plan.limits.maxDeferred
        guard active.deferred > limit else { return }
        let names = names(of: active) { if case .deferred = $0 { true } else { false } }
        haltTrigger = .tooManyDeferred(active.position, deferred: names)
    }

    private func reasonToHalt(after cluster: ClusterName, _ failure: Failure) -> Halt? {
        guard let active else { return nil }
        let wave = plan.wave(at: active.position)
        if failure.kind == .identityMismatch {
            return .identityMismatch(cluster, reason: failure.reason)
        }
        if wave.isCanary && active.failed > wave.maxFailures {
            return .canaryFailed(cluster, reason: failure.reason)
        }
        if active.failed > wave.maxFailures {
            return .failureBudgetSpent(active.position, failed: failedNames(of: active))
        }
        if let budget = plan.limits.maxFailures, fleetFailures > budget {
            return .fleetBudgetSpent(failed: failedNames(of: active))
        }
        return nil
    }

    private func failedNames(of active: ActiveWave) -> [ClusterName] {
        names(of: active) { if case .failed = $0 { true } else { false } }
    }

    private func names(
        of active: ActiveWave, where isMeant: (ClusterProgress.State) -> Bool
    ) -> [ClusterName] {
        active.members.filter { isMeant(progress[$0].state) }.map { plan.clusters[$0].name }
    }

    func place(of cluster: ClusterName) -> Int {
        guard let place = places[cluster] else {
            preconditionFailure("The journal speaks of \(cluster), which the plan lacks.")
        }
        return place
    }

    private mutating func tidy() {
        guard let members = active?.members else { return }
        active?.tidy(
            isReady: { [progress] in progress[members[$0]].state == .ready },
            isUnderWay: { [progress] in progress[members[$0]].isUnderWay })
    }
}

// MARK: - Resuming

extension Coordinator {
    private mutating func resume(_ failures: FailureTreatment, at now: Timestamp) {
        motion = .going
        haltTrigger = nil
        fleetFailures = 0
        takeUpAgain(at: now)
        guard let members = active?.members else { return }
        active?.failed = 0
        active?.deferred = 0
        guard failures == .retry else { return }
        for (member, place) in members.enumerated() { retry(member, at: place, now) }
        rollAgain()
    }

    /// A wave that soaked has to soak anew once one of its clusters is tried again.
    private mutating func rollAgain() {
        guard case .soaking(let position, _) = stage, let active, active.unsettled > 0 else {
            return
        }
        stage = .rolling(position)
    }

    private mutating func retry(_ member: Int, at place: Int, _ now: Timestamp) {
        switch progress[place].state {
        case .failed, .deferred: break
        case .planned, .inFlight, .ready, .waiting, .succeeded: return
        }
        progress[place].retry(at: now)
        progress[place].takeUpAgain(at: now)
        active?.returned(member)
    }
}
