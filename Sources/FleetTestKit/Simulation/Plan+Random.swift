public import FleetModel

extension Plan {
    /// A plan of any shape an operator may write: one to three phases, a canary
    /// and up to three waves each, every limit drawn.
    public static func random(using random: inout SeededGenerator) -> Plan {
        let count = Int.random(in: 1...12, using: &random)
        let management = (1...2).map { Cluster(ClusterName("mgmt-\($0)")) }
        let clusters = (1...count).map { number in
            Cluster(
                ClusterName(number < 10 ? "edge-0\(number)" : "edge-\(number)"),
                management: random.chance(80)
                    ? management.randomElement(using: &random)?.name : nil,
                labels: ["half": number.isMultiple(of: 2) ? "a" : "b"])
        }
        let phases = (0..<Int.random(in: 1...3, using: &random)).map { index in
            Phase(
                "phase-\(index)", steps: steps(using: &random),
                waves: waves(of: clusters.map(\.name), using: &random))
        }
        return Plan(
            takeover: Takeover(name: "drawn", runbook: "none", revision: "1-25", version: "1.25"),
            policy: "drawn", phases: phases, clusters: clusters, managementClusters: management,
            limits: limits(using: &random), windows: Windows.random(using: &random))
    }

    private static func limits(using random: inout SeededGenerator) -> Limits {
        Limits(
            maxConcurrency: Int.random(in: 1...6, using: &random),
            managementConcurrency: random.chance(40) ? Int.random(in: 1...3, using: &random) : nil,
            maxFailures: random.chance(30) ? Int.random(in: 0...2, using: &random) : nil,
            maxDeferred: Int.random(in: 0...2, using: &random),
            maxAttempts: Int.random(in: 1...3, using: &random),
            drainDeadline: .seconds(Int.random(in: 30...600, using: &random)))
    }

    private static func steps(using random: inout SeededGenerator) -> [StepOutline] {
        let count = Int.random(in: 1...4, using: &random)
        let interrupts: [Interrupt] = [.safe, .betweenItems, .finishOrRollBack]
        return (0..<count).map { index in
            StepOutline(
                "step-\(index)",
                interrupt: interrupts.randomElement(using: &random) ?? .safe,
                endsAtSafePoint: index + 1 == count || random.chance(70),
                isBaseline: index == 0 && random.chance(50))
        }
    }

    private static func waves(
        of clusters: [ClusterName], using random: inout SeededGenerator
    ) -> [Wave] {
        var rest = clusters[...]
        var waves: [Wave] = []
        while !rest.isEmpty {
            let isLast = waves.count == 3
            let size = isLast ? rest.count : Int.random(in: 1...rest.count, using: &random)
            let members = Array(rest.prefix(size))
            waves.append(wave(members, number: waves.count, using: &random))
            rest = rest.dropFirst(size)
        }
        return waves
    }

    private static func wave(
        _ members: [ClusterName], number: Int, using random: inout SeededGenerator
    ) -> Wave {
        let isCanary = number == 0
        return Wave(
            isCanary ? "canary" : "wave-\(number)", clusters: members, isCanary: isCanary,
            maxConcurrency: Int.random(in: 1...members.count, using: &random),
            maxFailures: isCanary ? 0 : Int.random(in: 0...min(2, members.count), using: &random),
            soak: random.chance(60) ? .seconds(Int.random(in: 1...900, using: &random)) : .zero,
            progressDeadline: .seconds(Int.random(in: 300...3_600, using: &random)),
            needsApproval: random.chance(25), exposure: random.chance(50) ? .strict : .soft)
    }
}
