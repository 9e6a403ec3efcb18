public import FleetModel

extension Coordinator {
    /// What happens next, as a sentence.
    func next(at now: Timestamp) -> String {
        switch (stage, motion) {
        case (.completed(let withExceptions), _):
            withExceptions
                ? "The run is over; not every cluster came through." : "The run is complete."
        case (_, .halted), (_, .aborted):
            "Nothing, until the run is resumed."
        case (_, .draining):
            "Clusters in flight go on to their next safe point, then the run halts."
        case (_, .aborting): "Everything in flight is being stopped."
        case (.ready(nil), _): "The run ends."
        case (.ready(let position?), _): beforeWave(position)
        case (.rolling(let position), _): duringWave(position, now)
        case (.soaking(let position, let until), _):
            "Wave \(plan.wave(at: position).name) soaks for another \((until - now).short)."
        }
    }

    private func beforeWave(_ position: WavePosition) -> String {
        let name = "Wave \(plan.wave(at: position).name) of \(plan.phases[position.phase].name)"
        return waitingForApproval == nil ? "\(name) starts." : "\(name) waits for approval."
    }

    private func duringWave(_ position: WavePosition, _ now: Timestamp) -> String {
        guard let active else { return "" }
        let left = active.unsettled - active.begun
        let wave = plan.wave(at: position)
        if let opening = nextOpening(after: now) {
            return opening == .distantFuture
                ? "No window of wave \(wave.name) opens any more."
                : "Wave \(wave.name) goes on when a window opens, \(opening.until(now))."
        }
        if left > 0 {
            let start = left == 1 ? "starts" : "start"
            return
                "\(counted(left, "more cluster")) of wave \(wave.name) \(start) as others finish."
        }
        let soak = wave.soak > .zero ? "soaks for \(wave.soak.short)" : "passes"
        return "Wave \(wave.name) \(soak) once its last clusters are done."
    }
}

// MARK: - Why

extension Coordinator {
    /// Why a cluster is where it is: one chain of reasons, nearest first.
    public func reasons(for cluster: ClusterName, at now: Timestamp) -> [String] {
        if let leftOut = plan.leftOut.first(where: { $0.cluster == cluster }) {
            return ["\(cluster) is not in the plan: \(leftOut.reason)".sentence]
        }
        guard let progress = progress(of: cluster) else {
            return ["\(cluster) is not in the plan."]
        }
        let window = places[cluster].flatMap { windowReason(for: $0, now) }.map { [$0] }
        return [own(progress, cluster, now)] + reached(cluster) + (window ?? [])
            + beyond(progress, cluster, now)
    }

    /// Who was left aside before anything was touched.
    public var leftAside: [ClusterName] {
        plan.clusters.map(\.name).filter { name in
            if case .deferred = progress(of: name)?.state { true } else { false }
        }
    }

    /// A bastion on the way is one more thing that may be the trouble.
    private func reached(_ name: ClusterName) -> [String] {
        let cluster = plan.clusters.first { $0.name == name }
        let way = cluster.map(plan.way) ?? []
        return way.isEmpty
            ? [] : ["It is reached through \(way.map(\.rawValue).joined(separator: " → "))."]
    }

    private func own(
        _ progress: ClusterProgress, _ cluster: ClusterName, _ now: Timestamp
    ) -> String {
        let phase = plan.phases[progress.phase].name
        let step = progress.currentStep(in: plan).name
        let age = (now - progress.since).short
        return switch progress.state {
        case .planned: "\(cluster) has not begun \(phase)."
        case .succeeded: "\(cluster) is done with \(phase), since \(age)."
        case .inFlight(let attempt):
            "\(cluster) is at step \(step) of \(phase), attempt \(attempt.number), for \(age)."
        case .ready: "\(cluster) is ready for step \(step) of \(phase), since \(age)."
        case .waiting(let until):
            "\(cluster) waits \((until - now).short) before another try at step \(step) of \(phase)"
                + " (\(progress.lastFailure?.reason ?? "it failed"))."
        case .failed(let failure):
            "\(cluster) failed at step \(step) of \(phase), \(age) ago: \(failure.reason)".sentence
        case .deferred(let failure):
            "\(cluster) was left aside before anything was touched: \(failure.reason)".sentence
        }
    }

    private func beyond(
        _ progress: ClusterProgress, _ cluster: ClusterName, _ now: Timestamp
    ) -> [String] {
        var reasons: [String] = []
        if case .planned = progress.state {
            reasons.append(placeInLine(cluster, from: progress.phase, now))
        } else if progress.state == .succeeded, progress.phase + 1 < plan.phases.count {
            reasons.append(placeInLine(cluster, from: progress.phase + 1, now))
        }
        switch motion {
        case .going: break
        case .draining(let halt, _): reasons.append("The run is halting: \(halt.reason)".sentence)
        case .halted(let halt): reasons.append("The run is halted: \(halt.reason)".sentence)
        case .aborting(_, let reason), .aborted(_, let reason):
            reasons.append("The run was aborted: \(reason)".sentence)
        }
        let start = startReason.map { "The run was started for a reason: \($0)".sentence }
        return reasons + (start.map { [$0] } ?? []) + ["Next: \(next(at: now))"]
    }

    private func placeInLine(
        _ cluster: ClusterName, from phase: Int, _ now: Timestamp
    ) -> String {
        guard let own = position(of: cluster, from: phase) else { return "No wave is left." }
        let name = plan.wave(at: own).name
        switch stage {
        case .completed: return "The run ended without it."
        case .rolling(own): return slotReason(name, cluster, now)
        case .ready(own?):
            let waits = waitingForApproval == own
            return waits ? "Its wave \(name) waits for approval." : "Its wave \(name) is next."
        case .ready(nil): return "No wave is left."
        case .ready(let current?), .rolling(let current), .soaking(let current, _):
            let isLater = own.phase > current.phase
            let ours = isLater ? "\(name) of \(plan.phases[own.phase].name)" : name
            return "Its wave \(ours) waits for wave \(plan.wave(at: current).name) of "
                + "\(plan.phases[current.phase].name) to pass."
        }
    }

    private func slotReason(_ wave: String, _ cluster: ClusterName, _ now: Timestamp) -> String {
        let inFlight = counted(active?.inFlight ?? 0, "cluster")
        let start = "Its wave \(wave) is under way with \(inFlight) in flight"
        let waits = places[cluster].map { windowReason(for: $0, now) != nil } ?? false
        return waits ? "\(start)." : "\(start), and every slot it may use is taken."
    }

    private func position(of cluster: ClusterName, from phase: Int) -> WavePosition? {
        for phase in phase..<plan.phases.count {
            let waves = plan.phases[phase].waves
            if let wave = waves.firstIndex(where: { $0.clusters.contains(cluster) }) {
                return WavePosition(phase: phase, wave: wave)
            }
        }
        return nil
    }
}
