public import FleetModel

/// Makes of a run's plan the one that takes it back: the same clusters and inventory, one phase,
/// one wave, no canary and no soak.
public struct RollbackPlanner {
    let plan: Plan
    let run: RunID
    let way: WayBack
    /// Of every cluster of the plan, and of its management clusters.
    let reach: [ClusterName: Reach]

    public init(plan: Plan, run: RunID, way: WayBack, reach: [ClusterName: Reach]) {
        self.plan = plan
        self.run = run
        self.way = way
        self.reach = reach
    }

    /// The plan for the chosen clusters, as far as they can be taken back.
    ///
    /// - Throws: why none of them can.
    public func plan(of chosen: [ClusterName]) throws(RollbackProblem) -> Plan {
        switch way {
        case .none(let reason, let hint):
            throw .noWayBack(runbook: plan.takeover.runbook, reason: reason, advice: hint)
        case .steps(let steps, let ends):
            let wanted = Set(chosen)
            let candidates = plan.clusters.filter { wanted.contains($0.name) }
            let leftOut = candidates.compactMap { leavingOut($0.name, ends) }
            let absent = Set(leftOut.map(\.cluster))
            let clusters = candidates.filter { !absent.contains($0.name) }
            guard !clusters.isEmpty else { throw .nothingToTakeBack(run, leftOut) }
            return plan(clusters, by: steps, leftOut: leftOut)
        }
    }

    private func leavingOut(_ name: ClusterName, _ ends: [WayBack.End]) -> Plan.LeftOut? {
        guard let reach = reach[name], reach.isTouched else {
            return Plan.LeftOut(name, because: "run \(run) never touched it")
        }
        return reach.end(among: ends, in: plan).map { Plan.LeftOut(name, because: $0.reason) }
    }

    private func plan(
        _ clusters: [Cluster], by steps: [StepOutline], leftOut: [Plan.LeftOut]
    ) -> Plan {
        var takeover = plan.takeover
        takeover.rollsBack = run
        let phase = RunbookOutline.rollbackPhase
        let needed = Set(clusters.compactMap(\.management))
        return Plan(
            takeover: takeover, policy: plan.policy,
            phases: [Phase(phase, steps: steps, waves: [wave(of: clusters.map(\.name))])],
            clusters: clusters.map(identified),
            managementClusters: plan.managementClusters.filter { needed.contains($0.name) }
                .map(identified),
            bastions: plan.bastions, leftOut: leftOut, limits: limits(for: clusters.count))
    }

    /// A context that leads elsewhere by now must not be taken for first contact.
    private func identified(_ cluster: Cluster) -> Cluster {
        var cluster = cluster
        cluster.identity = reach[cluster.name]?.identity ?? cluster.identity
        return cluster
    }

    private func wave(of clusters: [ClusterName]) -> Wave {
        let names = Set(clusters)
        let forward = plan.phases.flatMap(\.waves).filter { !names.isDisjoint(with: $0.clusters) }
        let atOnce = forward.map(\.maxConcurrency).max() ?? 1
        let tolerance = forward.map(\.maxFailures).max() ?? 0
        return Wave(
            RunbookOutline.rollbackPhase, clusters: clusters,
            maxConcurrency: min(atOnce.tripled, clusters.count),
            maxFailures: min(tolerance, clusters.count - 1),
            progressDeadline: forward.map(\.progressDeadline).max() ?? .minutes(60))
    }

    /// A cluster that cannot go back is left as it is, and the others need not wait for that.
    private func limits(for clusters: Int) -> Plan.Limits {
        var limits = plan.limits
        limits.maxConcurrency = limits.maxConcurrency.tripled
        limits.maxDeferred = clusters
        return limits
    }
}

extension Int {
    /// Nobody watches a canary on the way back, so it may go three times as wide.
    fileprivate var tripled: Int { self > Int.max / 3 ? self : self * 3 }
}
