public import FleetModel

/// Whether a plan's deadlines leave a cluster the time to get from one safe point to the next.
///
/// ```
///   step ─▶ step ─▶ step that ends at a safe point
///   └──────────── one unit ───────────┘
/// ```
///
/// Whatever is stopped in a unit is left where users may see a mixed state. A halt gives it
/// `drainDeadline`, and the wave `progressDeadline`: a unit has to fit into both, when each of its
/// steps takes as long as it may.
public struct UnitChecks {
    private let plan: Plan
    private let steps: (Phase, Cluster) -> [Step]

    /// `steps` are those of a phase on a cluster, with their deadlines.
    public init(plan: Plan, steps: @escaping (Phase, Cluster) -> [Step]) {
        (self.plan, self.steps) = (plan, steps)
    }

    /// Steps that belong together, of one phase.
    public struct Unit: Hashable, Sendable {
        public let phase: String
        public let first: String
        public let last: String
        /// What the deadlines of its steps add up to.
        public let length: Duration

        public init(phase: String, first: String, last: String, length: Duration) {
            (self.phase, self.first, self.last, self.length) = (phase, first, last, length)
        }
    }

    /// - Throws: every problem at once.
    public func check() throws(PlanProblems) {
        let problems = plan.phases.flatMap { phase in
            phase.waves.flatMap { wave in
                longestUnit(in: phase, of: wave).map { self.problems(of: $0, wave) } ?? []
            }
        }
        guard problems.isEmpty else { throw PlanProblems(problems) }
    }

    private func problems(of unit: Unit, _ wave: Wave) -> [PlanProblem] {
        var problems: [PlanProblem] = []
        if plan.limits.drainDeadline < unit.length {
            problems.append(.drainTooShort(plan.limits.drainDeadline, unit))
        }
        if wave.progressDeadline < unit.length {
            problems.append(.progressTooShort(wave.progressDeadline, wave: wave.name, unit))
        }
        return problems
    }

    /// Units of clusters that no window holds back, each with how many clusters that are.
    public var unguarded: [(unit: Unit, clusters: Int)] {
        plan.phases.compactMap { phase in
            let free = clusters(of: phase.waves).filter { cluster in
                !(plan.windows?.rules ?? []).contains {
                    $0.effect == .allow && $0.isAbout(phase.name, of: cluster)
                }
            }
            return longestUnit(in: phase, on: free).map { ($0, free.count) }
        }
    }

    // MARK: - Units

    private func longestUnit(in phase: Phase, of wave: Wave) -> Unit? {
        longestUnit(in: phase, on: clusters(of: [wave]))
    }

    private func longestUnit(in phase: Phase, on clusters: [Cluster]) -> Unit? {
        onePerKind(clusters).flatMap { units(in: phase, on: $0) }.max { $0.length < $1.length }
    }

    /// Deadlines are the takeover's, and otherwise only on clusters that are faster or have other
    /// tools: of thousands that are alike, one tells.
    private func onePerKind(_ clusters: [Cluster]) -> [Cluster] {
        struct Kind: Hashable {
            let speed: Double
            let tools: [String: String]
        }
        var seen: Set<Kind> = []
        return clusters.filter {
            seen.insert(Kind(speed: $0.speed, tools: $0.tools)).inserted
        }
    }

    private func clusters(of waves: [Wave]) -> [Cluster] {
        let names = Set(waves.flatMap(\.clusters))
        return plan.clusters.filter { names.contains($0.name) }
    }

    private func units(in phase: Phase, on cluster: Cluster) -> [Unit] {
        var units: [Unit] = []
        var open: [Step] = []
        for step in steps(phase, cluster) {
            guard step.outline.endsAtSafePoint else {
                open.append(step)
                continue
            }
            if let first = open.first {
                let length = (open + [step]).reduce(Duration.zero) { $0 + $1.timeout }
                units.append(
                    Unit(
                        phase: phase.name, first: first.outline.name, last: step.outline.name,
                        // A cluster of a lab needs less by as much as it lives faster.
                        length: length / cluster.speed))
            }
            open = []
        }
        return units
    }
}
