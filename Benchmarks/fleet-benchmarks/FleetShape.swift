import FleetModel

/// A fleet to measure with: how many clusters, in which waves, through how many steps.
struct FleetShape: Sendable {
    let name: String
    let waves: [(clusters: Int, maxConcurrency: Int)]
    let steps: Int
    /// Tries per step.
    var maxAttempts = 1

    /// What KubeFleet's scale test ran: three stages, half of each at once.
    static let kubeFleet = FleetShape(
        name: "kubefleet", waves: [(20, 10), (30, 15), (50, 25)], steps: 10)

    static let large = FleetShape(
        name: "large", waves: [(100, 50), (1_000, 500), (8_900, 500)], steps: 10)

    static func named(_ name: String) throws -> FleetShape {
        guard let shape = [kubeFleet, large].first(where: { $0.name == name }) else {
            throw BenchmarkFailure("There is no fleet of shape \(name).")
        }
        return shape
    }

    var clusters: Int { waves.reduce(0) { $0 + $1.clusters } }
}

// MARK: - Planning

extension FleetShape {
    /// A plan as full as one made from an inventory: every cluster has a
    /// context, labels and one of a hundredth as many management clusters.
    var plan: Plan {
        let names = (1...clusters).map { ClusterName("workload-\($0)") }
        let concurrency = waves.map(\.maxConcurrency).max() ?? 1
        let limits = Plan.Limits(
            maxConcurrency: concurrency, managementConcurrency: concurrency,
            maxAttempts: maxAttempts)
        return Plan(
            takeover: Takeover(
                name: "benchmark", runbook: "none", revision: "1-25", version: "1.25.0"),
            policy: "benchmark",
            phases: [Phase("takeover", steps: outlines, waves: waves(of: names))],
            clusters: names.enumerated().map { cluster($1, number: $0) },
            managementClusters: (0..<managementCount).map { Cluster(management($0)) },
            limits: limits)
    }

    private var managementCount: Int { max(1, clusters / 100) }

    private func management(_ number: Int) -> ClusterName { ClusterName("management-\(number)") }

    private var outlines: [StepOutline] {
        (1...steps).map { StepOutline("step-\($0)", title: "do nothing") }
    }

    private func waves(of names: [ClusterName]) -> [Wave] {
        var rest = names[...]
        return waves.enumerated().map { number, wave in
            defer { rest = rest.dropFirst(wave.clusters) }
            return Wave(
                "wave-\(number + 1)", clusters: Array(rest.prefix(wave.clusters)),
                isCanary: number == 0, maxConcurrency: wave.maxConcurrency)
        }
    }

    private func cluster(_ name: ClusterName, number: Int) -> Cluster {
        Cluster(
            name, kubeconfig: "/home/operator/.kube/fleet",
            management: management(number % managementCount), region: "eu-west-1",
            labels: ["tier": "edge", "team": "mesh", "stage": "production"])
    }
}
