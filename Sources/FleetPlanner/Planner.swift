public import FleetModel

/// Makes a plan of a fleet, a policy and a takeover, the same one every time.
public struct Planner {
    let fleet: Fleet
    let policy: Policy
    let takeover: Takeover
    let outline: RunbookOutline
    /// Why the plan may do without a canary; `nil` demands one.
    let noCanaryReason: String?

    public init(
        fleet: Fleet, policy: Policy, takeover: Takeover, outline: RunbookOutline,
        noCanaryReason: String? = nil
    ) {
        self.fleet = fleet
        self.policy = policy
        self.takeover = takeover
        self.outline = outline
        self.noCanaryReason = noCanaryReason
    }

    /// - Throws: every problem at once.
    public func plan() throws(PlanProblems) -> Plan {
        let (chosen, leftOut) = choose()
        var problems = generalProblems(chosen: chosen, leftOut: leftOut)
        var ignored: Set<ClusterName> = []
        var phases: [Phase] = []
        for phase in outline.phases where !chosen.isEmpty {
            var placement = Placement(phase: phase.name, clusters: chosen, leftOut: leftOut)
            placement.place(policy.phases[phase.name] ?? policy.waves, unplaced: policy.unplaced)
            let waves = resolve(placement, &problems)
            ignored.formUnion(placement.remaining.map(\.name))
            if !waves.isEmpty { phases.append(Phase(phase.name, steps: phase.steps, waves: waves)) }
        }
        guard problems.isEmpty else { throw PlanProblems(problems) }
        let unplaced = ignored.sorted().map { Plan.LeftOut($0, because: "no wave selects it") }
        return assemble(phases, chosen: chosen, leftOut: leftOut + unplaced)
    }

    private func assemble(
        _ phases: [Phase], chosen: [Cluster], leftOut: [Plan.LeftOut]
    ) -> Plan {
        let byName = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, $0) })
        var seen: Set<ClusterName> = []
        let names = phases.flatMap { $0.waves.flatMap(\.clusters) }
            .filter { seen.insert($0).inserted }
        let clusters = names.compactMap { byName[$0] }
        let needed = Set(clusters.compactMap(\.management))
        let management = fleet.managementClusters.filter { needed.contains($0.name) }
        return Plan(
            takeover: takeover, policy: policy.name, phases: phases, clusters: clusters,
            managementClusters: management,
            bastions: fleet.bastions(leadingTo: clusters + management),
            leftOut: leftOut.filter { !seen.contains($0.cluster) }.sorted {
                $0.cluster < $1.cluster
            },
            limits: limits, windows: policy.windows)
    }

    private var limits: Plan.Limits {
        Plan.Limits(
            maxConcurrency: policy.maxConcurrency,
            managementConcurrency: policy.managementConcurrency, maxFailures: policy.maxFailures,
            maxDeferred: policy.maxDeferred, maxAttempts: policy.maxAttempts,
            drainDeadline: policy.drainDeadline)
    }
}

// MARK: - Choosing clusters

extension Planner {
    private func choose() -> (chosen: [Cluster], leftOut: [Plan.LeftOut]) {
        var chosen: [Cluster] = []
        var leftOut: [Plan.LeftOut] = []
        for cluster in fleet.clusters.sorted(by: { $0.precedes($1) }) {
            if let reason = reasonToLeaveOut(cluster) {
                leftOut.append(Plan.LeftOut(cluster.name, because: reason))
            } else {
                chosen.append(cluster)
            }
        }
        return (chosen, leftOut)
    }

    private func reasonToLeaveOut(_ cluster: Cluster) -> String? {
        if let hold = cluster.hold { return "on hold: \(hold)" }
        if let selector = policy.clusters, !selector.matches(cluster.labels) {
            return "its labels don't match \(selector)"
        }
        return nil
    }

    private func generalProblems(chosen: [Cluster], leftOut: [Plan.LeftOut]) -> [PlanProblem] {
        var problems: [PlanProblem] = []
        if chosen.isEmpty { problems.append(.noClusters(leftOut: leftOut.count)) }
        if policy.maxConcurrency < 1 { problems.append(.nothingConcurrent(policy.maxConcurrency)) }
        // A policy is for many runbooks, and not every one has every phase.
        let known = outline.phases.map(\.name)
        let usual = known + RunbookOutline.phaseNames
        problems += policy.phases.keys.sorted().filter { !usual.contains($0) }
            .map { .unknownPhase($0, known: known) }
        return problems
    }
}

// MARK: - Counting

extension Planner {
    private func resolve(_ placement: Placement, _ problems: inout [PlanProblem]) -> [Wave] {
        problems += placement.problems
        problems += canaryProblems(placement)
        return placement.waves.enumerated().compactMap { index, placed in
            let isFinal = placement.phase == RunbookOutline.finalPhase
            return resolve(
                placed, isAfterCanary: index == 1, isLastChance: isFinal && index == 0, &problems)
        }
    }

    private func canaryProblems(_ placement: Placement) -> [PlanProblem] {
        let policies = placement.waves.map(\.policy)
        var problems: [PlanProblem] = []
        if let first = policies.first, !first.isCanary, noCanaryReason == nil {
            problems.append(.noCanary(phase: placement.phase))
        }
        problems += policies.dropFirst().filter(\.isCanary)
            .map { .lateCanary($0.name, phase: placement.phase) }
        problems += policies.filter { $0.isCanary && !$0.maxFailures.isZero }
            .map { .canaryTolerates($0.maxFailures, wave: $0.name) }
        return problems
    }

    private func resolve(
        _ placed: Placement.PlacedWave, isAfterCanary: Bool, isLastChance: Bool,
        _ problems: inout [PlanProblem]
    ) -> Wave? {
        let (policy, count) = (placed.policy, placed.clusters.count)
        guard count > 0 else { return nil }
        let concurrency = Rounding.concurrency(policy.maxConcurrency, of: count)
        let tolerance = Rounding.tolerance(policy.maxFailures, of: count)
        if concurrency == nil {
            problems.append(
                .concurrency(policy.maxConcurrency, wave: policy.name, clusters: count))
        }
        if tolerance == nil {
            problems.append(.tolerance(policy.maxFailures, wave: policy.name, clusters: count))
        } else if tolerance == count && !policy.allowTotalLoss {
            problems.append(.totalLoss(policy.maxFailures, wave: policy.name, clusters: count))
        }
        guard let concurrency, let tolerance else { return nil }
        let isGuarded = policy.isCanary || isAfterCanary
        return Wave(
            policy.name, clusters: placed.clusters, isCanary: policy.isCanary,
            maxConcurrency: concurrency, maxFailures: tolerance, soak: policy.soak,
            progressDeadline: policy.progressDeadline,
            needsApproval: policy.needsApproval ?? isLastChance,
            exposure: policy.exposure ?? (isGuarded ? .strict : .soft))
    }
}

extension Amount {
    fileprivate var isZero: Bool { self == .count(0) || self == .percent(0) }
}
