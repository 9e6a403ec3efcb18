import FleetModel
import FleetRunner

/// Looks at a bastion before the first cluster of a wave is led through it, so that
/// a host without room, tools or the right time stops a wave before it touches anything.
///
/// A bastion that was found sound stays so for the wave. One that was not is looked
/// at again for whoever comes next: somebody may have seen to it.
actor BastionPreflight {
    private struct Crossing: Hashable {
        let wave: WavePosition
        let bastion: BastionName
    }

    /// Throws when it was given up before it had an answer.
    private typealias Look = Task<Failure?, any Error>

    private let plan: Plan
    private let executor: any CommandExecutor
    private let now: @Sendable () -> Timestamp
    private let bastions: [BastionName: Bastion]
    private var looks: [Crossing: Look] = [:]
    private var waves: [Int: [ClusterName: Int]] = [:]

    init(
        plan: Plan, executor: any CommandExecutor,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        (self.plan, self.executor, self.now) = (plan, executor, now)
        bastions = Dictionary(plan.bastions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// What keeps a cluster from being reached in a phase, if anything does.
    nonisolated func obstacle(on situation: Situation, in phase: Int) async -> Failure? {
        let ways = [situation.cluster.bastion, situation.management?.bastion].compactMap(\.self)
        for bastion in Set(ways).sorted() {
            let failure = await obstacle(at: bastion, for: situation.cluster.name, in: phase)
            if failure != nil { return failure }
        }
        return nil
    }

    private func obstacle(
        at bastion: BastionName, for cluster: ClusterName, in phase: Int
    ) async -> Failure? {
        guard let wave = wave(of: cluster, in: phase) else { return nil }
        let crossing = Crossing(wave: wave, bastion: bastion)
        // An attempt that is stopped has its own words for that, and others who wait
        // for the same look begin another.
        while !Task.isCancelled {
            let look = looks[crossing] ?? begin(crossing)
            looks[crossing] = look
            let answer = await answer(of: look)
            if answer != .success(nil), looks[crossing] == look { looks[crossing] = nil }
            if case .success(let failure) = answer { return failure }
        }
        return nil
    }

    private func answer(of look: Look) async -> Result<Failure?, GivenUp> {
        await withTaskCancellationHandler {
            await look.result.mapError { _ in GivenUp() }
        } onCancel: {
            look.cancel()
        }
    }

    private func begin(_ crossing: Crossing) -> Look {
        guard let bastion = bastions[crossing.bastion] else {
            let reason = "bastion \(crossing.bastion.rawValue.quoted) is not in the plan"
            return Task { Failure(.terminal, reason) }
        }
        let clusters = clusters(behind: bastion.name, in: crossing.wave)
        return Task { [executor, now] in
            let look = await BastionLook.take(at: bastion, for: clusters, by: executor, now: now)
            guard look.result.ending != .cancelled else { throw GivenUp() }
            return look.obstacle(at: bastion.name, for: clusters)
        }
    }
}

private struct GivenUp: Error, Hashable {}

// MARK: - Looking things up in the plan

extension BastionPreflight {
    private func wave(of cluster: ClusterName, in phase: Int) -> WavePosition? {
        let known = waves[phase] ?? numbers(in: phase)
        waves[phase] = known
        return known[cluster].map { WavePosition(phase: phase, wave: $0) }
    }

    private func numbers(in phase: Int) -> [ClusterName: Int] {
        let pairs = plan.phases[phase].waves.enumerated().flatMap { number, wave in
            wave.clusters.map { ($0, number) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The clusters of a wave that a bastion leads to, and their management clusters.
    private func clusters(behind bastion: BastionName, in wave: WavePosition) -> [Cluster] {
        let names = Set(plan.wave(at: wave).clusters)
        let clusters = plan.clusters.filter { names.contains($0.name) }
        let managers = Set(clusters.compactMap(\.management))
        let managing = plan.managementClusters.filter { managers.contains($0.name) }
        return (clusters + managing).filter { $0.bastion == bastion }
    }
}

// MARK: - What a look means

extension BastionLook {
    func obstacle(at bastion: BastionName, for clusters: [Cluster]) -> Failure? {
        guard let survey else {
            return Failure(kind, "bastion \(bastion.rawValue.quoted): \(failure ?? "no answer")")
        }
        let obstacles = survey.obstacles(clusters: clusters, skew: skew)
        guard !obstacles.isEmpty else { return nil }
        let words = obstacles.joined(separator: "; ")
        return Failure(.blocked, "bastion \(bastion.rawValue.quoted): \(words)")
    }

    private var kind: Failure.Kind {
        switch result.ending {
        case .untrusted: .identityMismatch
        case .unreachable, .lost, .timedOut: .unreachable
        case .exited, .signalled, .cancelled, .notStarted: .blocked
        }
    }
}
