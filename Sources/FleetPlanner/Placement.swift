import FleetModel

/// Puts the clusters of a plan into the waves of one phase.
struct Placement {
    let phase: String
    private(set) var waves: [PlacedWave] = []
    private(set) var problems: [PlanProblem] = []
    /// Clusters no wave has taken, in order.
    private(set) var remaining: [Cluster]

    private let all: [Cluster]
    private let leftOut: [ClusterName: String]
    private var takenBy: [ClusterName: String] = [:]

    struct PlacedWave {
        let policy: WavePolicy
        var clusters: [ClusterName]
    }

    init(phase: String, clusters: [Cluster], leftOut: [Plan.LeftOut]) {
        self.phase = phase
        (all, remaining) = (clusters, clusters)
        self.leftOut = Dictionary(
            leftOut.map { ($0.cluster, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func place(_ policies: [WavePolicy], unplaced: Policy.Unplaced) {
        if policies.isEmpty { problems.append(.noWaves(phase: phase)) }
        for policy in policies { place(policy) }
        guard !remaining.isEmpty, !waves.isEmpty else { return }
        switch unplaced {
        case .error: problems.append(.unplaced(remaining.map(\.name), phase: phase))
        case .lastWave: waves[waves.count - 1].clusters += takeAll()
        case .ignore: break
        }
    }

    private mutating func place(_ policy: WavePolicy) {
        let members = take(policy)
        if members.isEmpty {
            problems.append(.emptyWave(policy.name, phase: phase, members: policy.members))
        }
        waves.append(PlacedWave(policy: policy, clusters: members))
    }

    private mutating func take(_ policy: WavePolicy) -> [ClusterName] {
        switch policy.members {
        case .named(let names): take(named: names, for: policy.name)
        case .matching(let selector): take(for: policy.name) { selector.matches($0.labels) }
        case .size(let amount):
            take(first: Rounding.size(amount, of: all.count) ?? 0, for: policy.name)
        case .rest: take(for: policy.name) { _ in true }
        }
    }

    private mutating func take(
        for wave: String, where isMeant: (Cluster) -> Bool
    ) -> [ClusterName] {
        let taken = remaining.filter(isMeant).map(\.name)
        claim(taken, for: wave)
        return taken
    }

    private mutating func take(first count: Int, for wave: String) -> [ClusterName] {
        let taken = remaining.prefix(count).map(\.name)
        claim(taken, for: wave)
        return taken
    }

    private mutating func takeAll() -> [ClusterName] {
        defer { remaining = [] }
        return remaining.map(\.name)
    }

    private mutating func take(named names: [ClusterName], for wave: String) -> [ClusterName] {
        for name in names { checkNamed(name, for: wave) }
        let wanted = Set(names)
        return take(for: wave) { wanted.contains($0.name) }
    }

    private mutating func checkNamed(_ name: ClusterName, for wave: String) {
        if let earlier = takenBy[name] {
            problems.append(.overlap(name, wave: wave, earlier: earlier))
        } else if let reason = leftOut[name] {
            problems.append(.leftOutCluster(name, wave: wave, reason: reason))
        } else if !all.contains(where: { $0.name == name }) {
            problems.append(.unknownCluster(name, wave: wave, known: all.map(\.name)))
        }
    }

    private mutating func claim(_ names: [ClusterName], for wave: String) {
        for name in names { takenBy[name] = wave }
        let claimed = Set(names)
        remaining.removeAll { claimed.contains($0.name) }
    }
}
