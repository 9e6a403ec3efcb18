import FleetModel

// MARK: - Starts

extension RunChecker {
    mutating func attemptStarted(_ attempt: Attempt, at now: Timestamp) throws {
        let story = story(of: attempt.cluster)
        guard let wave = currentWave, plan.wave(at: wave).clusters.contains(attempt.cluster) else {
            throw PromiseBroken("\(attempt) started outside its wave")
        }
        try promise(story.current == nil, "two attempts at once on \(attempt.cluster)")
        try promise(story.donePhases == wave.phase, "\(attempt) started in the wrong phase")
        try promise(story.verdict == .open, "\(attempt) started after its cluster had failed")
        try promise(
            (attempt.phase, attempt.step, attempt.number)
                == (wave.phase, story.step, story.number + 1), "\(attempt) came out of order")
        try promise(story.counted < plan.limits.maxAttempts, "\(attempt) was one too many")
        try promise(story.notBefore.map { now >= $0 } ?? true, "\(attempt) came without backoff")
        try mayStart(attempt, story, at: now)
        if !story.hasBegun { stories[attempt.cluster]?.begunAt = now }
        stories[attempt.cluster]?.isTakenUpAgain = false
        stories[attempt.cluster]?.current = attempt
        stories[attempt.cluster]?.number = attempt.number
        stories[attempt.cluster]?.hasBegun = true
        try withinLimits(wave, attempt)
    }

    private func mayStart(_ attempt: Attempt, _ story: ClusterStory, at now: Timestamp) throws {
        switch halt {
        case .none:
            try mayStartWhileGoing(attempt, story)
            try withinWindows(attempt, story, at: now)
        case .halting:
            try promise(story.hasBegun, "\(attempt.cluster) started after a halt")
            try promise(!isSafe(attempt.cluster), "\(attempt) left a safe point after a halt")
        case .aborting, .halted:
            throw PromiseBroken("\(attempt) started while the run stood still")
        }
    }

    private func mayStartWhileGoing(_ attempt: Attempt, _ story: ClusterStory) throws {
        guard let wave = currentWave else { return }
        try promise(!isAlarmed, "\(attempt) started after an alarm")
        let limits = plan.wave(at: wave)
        let failed = countedFailures(in: wave).count
        try promise(failed <= limits.maxFailures, "work went on after \(failed) failures")
        let deferred = countedDeferrals(in: wave).count
        try promise(deferred <= deferralLimit(of: wave), "work went on with \(deferred) deferred")
        let budget = plan.limits.maxFailures ?? .max
        try promise(fleetFailures.count <= budget, "work went on over the fleet's budget")
        guard limits.exposure == .strict, !story.hasBegun else { return }
        let atRisk = limits.clusters.count { isUnderWay($0, in: wave) }
        try promise(
            failed + atRisk <= limits.maxFailures,
            "\(attempt.cluster) started with \(atRisk) at risk and \(failed) failed")
    }

    private func isUnderWay(_ cluster: ClusterName, in wave: WavePosition) -> Bool {
        let story = story(of: cluster)
        return story.hasBegun && story.verdict == .open && story.donePhases == wave.phase
    }

    private func withinLimits(_ wave: WavePosition, _ attempt: Attempt) throws {
        let flying = inFlight
        let limit = min(plan.wave(at: wave).maxConcurrency, plan.limits.maxConcurrency)
        if halt == .none {
            try promise(flying.count <= limit, "\(flying.count) clusters at once")
        }
        guard let most = plan.limits.managementConcurrency, halt == .none,
            let home = management[attempt.cluster]
        else { return }
        let siblings = flying.count { management[$0] == home }
        try promise(siblings <= most, "\(siblings) clusters of \(home) at once")
    }
}

// MARK: - Ends

extension RunChecker {
    mutating func finished(_ attempt: Attempt, _ outcome: Outcome, at now: Timestamp) throws {
        try promise(
            story(of: attempt.cluster).current == attempt, "\(attempt) ended without beginning")
        stories[attempt.cluster]?.current = nil
        stories[attempt.cluster]?.lastEnd = now
        switch outcome {
        case .succeeded(let changed): succeeded(attempt, changed: changed, at: now)
        case .failed(let failure) where failure.kind == .alarm: alarmed(attempt, at: now)
        case .failed(let failure): failed(attempt, failure, at: now)
        case .lost: lost(attempt)
        }
    }

    private mutating func lost(_ attempt: Attempt) {
        let isFragile = isFragile(attempt)
        stories[attempt.cluster]?.isHalfWay = isFragile
    }

    private func isFragile(_ attempt: Attempt) -> Bool {
        plan.step(of: attempt).interrupt == .finishOrRollBack
    }

    private mutating func succeeded(_ attempt: Attempt, changed: Bool, at now: Timestamp) {
        guard var story = stories[attempt.cluster] else { return }
        story.hasChanged = story.hasChanged || changed
        story.lastStepWasSafe = plan.step(of: attempt).endsAtSafePoint
        (story.step, story.number, story.counted) = (story.step + 1, 0, 0)
        (story.isHalfWay, story.notBefore) = (false, nil)
        if story.step == plan.phases[attempt.phase].steps.count {
            story.donePhases = attempt.phase + 1
            story.hasBegun = false
            note(story, in: attempt.phase, endedAt: now)
        }
        stories[attempt.cluster] = story
    }

    /// The step is done, but its cluster may not be left, and no other may begin.
    private mutating func alarmed(_ attempt: Attempt, at now: Timestamp) {
        succeeded(attempt, changed: false, at: now)
        stories[attempt.cluster]?.isUrgent = true
        isAlarmed = true
    }

    private mutating func failed(_ attempt: Attempt, _ failure: Failure, at now: Timestamp) {
        guard var story = stories[attempt.cluster] else { return }
        defer { stories[attempt.cluster] = story }
        story.isHalfWay = isFragile(attempt)
        guard failure.kind != .interrupted else { return }
        story.counted += 1
        let isPassing = failure.kind == .transient || failure.kind == .unreachable
        guard !isPassing || story.counted == plan.limits.maxAttempts else {
            return story.notBefore = now + .seconds(1)
        }
        let isBaseline = plan.step(of: attempt).isBaseline
        if isBaseline && (isPassing || failure.kind == .blocked) {
            story.verdict = .deferred
        } else {
            story.verdict = .failed
            fleetFailures.insert(attempt.cluster)
        }
    }

    /// Failures of a wave that nobody has accepted.
    func countedFailures(in wave: WavePosition) -> [ClusterName] {
        unaccepted(.failed, in: wave)
    }

    /// Clusters of a wave left aside that nobody has agreed to leave.
    func countedDeferrals(in wave: WavePosition) -> [ClusterName] {
        unaccepted(.deferred, in: wave)
    }

    func deferralLimit(of wave: WavePosition) -> Int {
        plan.wave(at: wave).isCanary ? 0 : plan.limits.maxDeferred
    }

    private func unaccepted(_ verdict: ClusterStory.Verdict, in wave: WavePosition) -> [ClusterName]
    {
        plan.wave(at: wave).clusters.filter {
            let story = story(of: $0)
            return story.verdict == verdict && story.phase == wave.phase && !forgiven.contains($0)
        }
    }
}
