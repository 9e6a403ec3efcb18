import FleetModel

// MARK: - Waves, soaks and the end

extension RunChecker {
    mutating func coordinatorStarted(_ epoch: Int) throws {
        try promise(epoch > self.epoch, "epoch \(epoch) came after epoch \(self.epoch)")
        self.epoch = epoch
        takeUpAgain()
    }

    mutating func waveStarted(_ wave: WavePosition) throws {
        try inOrder(wave)
        let mayStart = !plan.wave(at: wave).needsApproval || approvedWaves.contains(wave)
        try promise(mayStart, "\(wave) started without approval")
        try promise(halt == .none, "\(wave) started while the run was halted")
        try promise(!eligible(wave).isEmpty, "\(wave) started with nothing to change")
        for cluster in eligible(wave) { stories[cluster]?.enter(wave.phase) }
        (currentWave, lastWave) = (wave, wave)
    }

    mutating func waveSkipped(_ wave: WavePosition) throws {
        try inOrder(wave)
        try promise(eligible(wave).isEmpty, "\(wave) was skipped with clusters to change")
        lastWave = wave
    }

    private func inOrder(_ wave: WavePosition) throws {
        try promise(currentWave == nil, "\(wave) started before the last one passed")
        let expected = lastWave.map { plan.position(after: $0) } ?? WavePosition(phase: 0, wave: 0)
        try promise(expected == wave, "\(wave) came out of order")
        try promise(inFlight.isEmpty, "\(wave) started with work in flight")
    }

    mutating func soakStarted(
        _ wave: WavePosition, _ until: Timestamp, at now: Timestamp
    ) throws {
        try promise(wave == currentWave, "\(wave) soaked out of turn")
        try promise(until >= now + plan.wave(at: wave).soak, "\(wave) got too short a soak")
        try allSettled(wave)
        soak = (wave, until)
    }

    mutating func wavePassed(_ wave: WavePosition, at now: Timestamp) throws {
        try promise(wave == currentWave, "\(wave) passed out of turn")
        try promise(halt == .none, "\(wave) passed while the run was halted")
        if plan.wave(at: wave).soak > .zero {
            guard let soak, soak.wave == wave else {
                throw PromiseBroken("\(wave) passed without its soak")
            }
            try promise(now >= soak.until, "\(wave) passed before its soak was over")
        }
        try allSettled(wave)
        try withinBudget(wave)
        (currentWave, soak) = (nil, nil)
    }

    private func allSettled(_ wave: WavePosition) throws {
        try promise(inFlight.isEmpty, "\(wave) ended with work in flight")
        let left = plan.wave(at: wave).clusters.filter {
            story(of: $0).donePhases == wave.phase && story(of: $0).verdict == .open
        }
        try promise(left.isEmpty, "\(wave) ended before \(left) had")
    }

    private func withinBudget(_ wave: WavePosition) throws {
        let failed = countedFailures(in: wave)
        let budget = plan.wave(at: wave).maxFailures
        try promise(failed.count <= budget, "\(wave) passed with \(failed.count) failures")
        let deferred = countedDeferrals(in: wave).count
        try promise(deferred <= deferralLimit(of: wave), "\(wave) passed with \(deferred) deferred")
    }

    mutating func runCompleted(_ withExceptions: Bool) throws {
        try promise(currentWave == nil && inFlight.isEmpty, "the run completed with work left")
        try promise(halt == .none, "the run completed while it was halted")
        let isLast = lastWave.map { plan.position(after: $0) == nil } ?? false
        try promise(isLast, "the run completed before its last wave")
        let allDone = plan.clusters.allSatisfy {
            story(of: $0.name).donePhases == plan.phases.count
        }
        try promise(withExceptions != allDone, "the run lied about its exceptions")
        isCompleted = true
    }
}

// MARK: - Halts

extension RunChecker {
    mutating func runHalted(at now: Timestamp) throws {
        try promise(inFlight.isEmpty, "the run halted with \(inFlight) in flight")
        if case .halting(let since) = halt, now < since + plan.limits.drainDeadline {
            let adrift = plan.clusters.map(\.name).filter { !isSafe($0) }
            try promise(adrift.isEmpty, "the run halted with \(adrift) at no safe point")
        }
        halt = .halted
    }

    mutating func runResumed(_ failures: FailureTreatment) throws {
        try promise(halt == .halted, "a run was resumed that was not halted")
        (halt, isAlarmed) = (.none, false)
        fleetFailures = []
        takeUpAgain()
        guard let currentWave else { return }
        for cluster in plan.wave(at: currentWave).clusters {
            treat(cluster, in: currentWave, failures)
        }
    }

    private mutating func treat(
        _ cluster: ClusterName, in wave: WavePosition, _ failures: FailureTreatment
    ) {
        let story = story(of: cluster)
        guard story.verdict != .open, story.donePhases == wave.phase else { return }
        guard failures == .retry else { return _ = forgiven.insert(cluster) }
        stories[cluster]?.verdict = .open
        stories[cluster]?.isUrgent = false
        stories[cluster]?.counted = 0
        stories[cluster]?.notBefore = nil
        stories[cluster]?.isTakenUpAgain = true
    }

    func isSafe(_ cluster: ClusterName) -> Bool {
        let story = story(of: cluster)
        guard story.hasBegun, story.verdict == .open else { return true }
        return story.lastStepWasSafe && !story.isHalfWay && !story.isUrgent
    }
}
