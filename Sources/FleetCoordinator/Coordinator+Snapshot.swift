public import FleetModel

extension Coordinator {
    /// How the run stands, for people; `notes` are the latest words about
    /// clusters, from whoever works on them.
    public func snapshot(
        of run: RunID, at now: Timestamp, notes: [ClusterName: String] = [:]
    ) -> RunSnapshot {
        RunSnapshot(
            run: run, takeover: plan.takeover.name, rollsBack: plan.takeover.rollsBack,
            policy: plan.policy, state: state, startedAt: startedAt, endedAt: endedAt,
            startReason: startReason, takenAt: now, halt: halt, waves: waveViews(now),
            clusters: clusterViews(notes, now), waivers: waivedChecks, next: next(at: now))
    }

    /// What somebody has answered for, in the plan's order, with what was found of it.
    public var waivedChecks: [WaivedCheck] {
        plan.waivedChecks.map { waiver in
            var waiver = waiver
            waiver.found = waivedFindings[waiver.cluster]?[waiver.check]?.words
            return waiver
        }
    }

    public var halt: Halt? {
        switch motion {
        case .draining(let halt, _), .halted(let halt): halt
        case .going, .aborting, .aborted: nil
        }
    }

    public var state: RunSnapshot.State {
        switch (stage, motion) {
        case (.completed(let withExceptions), _):
            withExceptions ? .completedWithExceptions : .completed
        case (_, .draining): .halting
        case (_, .halted): .halted
        case (_, .aborting): .aborting
        case (_, .aborted): .aborted
        case (.soaking, .going): .soaking
        case _ where waitingForApproval != nil: .awaitingApproval
        case _ where startedAt == nil: .planned
        default: .running
        }
    }
}

// MARK: - Waves

extension Coordinator {
    private func waveViews(_ now: Timestamp) -> [RunSnapshot.WaveView] {
        plan.phases.indices.flatMap { phase in
            plan.phases[phase].waves.indices.map {
                view(of: WavePosition(phase: phase, wave: $0), now)
            }
        }
    }

    private func view(of position: WavePosition, _ now: Timestamp) -> RunSnapshot.WaveView {
        let wave = plan.wave(at: position)
        var view = RunSnapshot.WaveView(
            phase: plan.phases[position.phase].name, name: wave.name, state: state(of: position),
            isCanary: wave.isCanary, clusters: wave.clusters.count,
            maxConcurrency: wave.maxConcurrency, maxFailures: wave.maxFailures, soak: wave.soak)
        if case .soaking(position, let until) = stage { view.soaksUntil = until }
        if case .rolling(position) = stage { view.opensAt = nextOpening(after: now) }
        for cluster in wave.clusters {
            guard let progress = progress(of: cluster) else { continue }
            let before = view.succeeded
            count(progress, in: position.phase, &view)
            if view.succeeded > before { view.done.append(cluster) }
        }
        return view
    }

    private func count(
        _ progress: ClusterProgress, in phase: Int, _ view: inout RunSnapshot.WaveView
    ) {
        guard progress.phase == phase else {
            view.succeeded += progress.phase > phase ? 1 : 0
            return
        }
        switch progress.state {
        case .planned: break
        case .inFlight: view.inFlight += 1
        case .ready, .waiting: view.waiting += 1
        case .failed: view.failed += 1
        case .deferred: view.deferred += 1
        case .succeeded:
            view.succeeded += 1
            view.unchanged += progress.hasChanged ? 0 : 1
        }
    }

    private func state(of position: WavePosition) -> RunSnapshot.WaveView.State {
        switch stage {
        case .completed, .ready(nil): .passed
        case .rolling(position): .rolling
        case .soaking(position, _): .soaking
        case .ready(position?) where waitingForApproval == position: .awaitingApproval
        case .ready(let current?), .rolling(let current), .soaking(let current, _):
            position < current ? .passed : .pending
        }
    }
}

// MARK: - Clusters

extension Coordinator {
    private func clusterViews(
        _ notes: [ClusterName: String], _ now: Timestamp
    ) -> [RunSnapshot.ClusterView] {
        progress.indices.compactMap { view(of: $0, notes, now) }
    }

    private func view(
        of place: Int, _ notes: [ClusterName: String], _ now: Timestamp
    ) -> RunSnapshot.ClusterView? {
        let (progress, name) = (progress[place], plan.clusters[place].name)
        guard let state = progress.viewState else { return nil }
        let words: String =
            switch progress.state {
            case .failed(let failure), .deferred(let failure): failure.reason
            case .waiting, .ready:
                windowWords(for: place, now) ?? progress.lastFailure?.reason ?? ""
            default: notes[name] ?? ""
            }
        return RunSnapshot.ClusterView(
            name: name, wave: waveNumber(of: name, in: progress.phase), state: state,
            step: progress.currentStep(in: plan).name, attempt: progress.number,
            since: progress.since, words: words)
    }

    private func waveNumber(of cluster: ClusterName, in phase: Int) -> Int {
        let before = plan.phases[..<phase].reduce(0) { $0 + $1.waves.count }
        let own = plan.phases[phase].waves.firstIndex { $0.clusters.contains(cluster) } ?? 0
        return before + own
    }
}

extension ClusterProgress {
    fileprivate var viewState: RunSnapshot.ClusterView.State? {
        switch state {
        case .planned, .succeeded: nil
        case .inFlight: .running
        case .ready, .waiting: .waiting
        case .deferred: .deferred
        case .failed(let failure): failure.kind.viewState
        }
    }
}

extension Failure.Kind {
    fileprivate var viewState: RunSnapshot.ClusterView.State {
        switch self {
        case .timedOut: .timedOut
        case .unreachable: .unreachable
        case .inDoubt: .inDoubt
        case .identityMismatch: .quarantined
        case .terminal, .transient, .blocked, .interrupted, .alarm: .failed
        }
    }
}
