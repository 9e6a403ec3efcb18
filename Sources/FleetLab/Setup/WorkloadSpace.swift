/// A namespace of the simulated fleet's users, and what runs in it.
struct WorkloadSpace: Hashable, Sendable {
    var name: String
    var labels: [String: String]
    var applications: [LabWorkload]

    private static let injected = ["istio-injection": "enabled"]
    private static let pool = [
        ("billing", ["invoices", "ledger", "payments"]),
        ("identity", ["accounts", "sessions"]),
        ("search", ["indexer", "queries", "suggest"]),
        ("reports", ["collector", "renderer"]),
    ]

    /// The namespaces of a cluster: always those that every takeover must get right, and
    /// others as chance will have it. 3 to 6 namespaces with 6 to 15 owners.
    static func all(_ chance: inout Chance, isSmall: Bool = false) -> [WorkloadSpace] {
        let extra = isSmall ? [] : pool.filter { _ in chance.number(in: 0...1) == 1 }
        let others = extra.map { space($0.0, $0.1, &chance) }
        return [shop(&chance), telemetry, legacy] + others.prefix(3)
    }

    /// Kinds that few clusters have, each of which is restarted in a way of its own.
    static let rare = WorkloadSpace(
        name: "depot", labels: injected,
        applications: [
            LabWorkload(
                name: "ledger", kind: .manualStatefulSet(replicas: 2), hasDisruptionBudget: true),
            LabWorkload(name: "scanner", kind: .manualDaemonSet),
            LabWorkload(name: "pallets", kind: .replicaSet(replicas: 2)),
            LabWorkload(name: "intake", kind: .replicationController(replicas: 2)),
            LabWorkload(
                name: "checkout", kind: .rollout(replicas: 2), hasDisruptionBudget: true),
        ])

    /// Leaves it to its pods which revision they ask for.
    static func pinned(to revision: String) -> WorkloadSpace {
        WorkloadSpace(
            name: "annex", labels: [:],
            applications: [
                LabWorkload(
                    name: "payments", kind: .deployment(replicas: 1),
                    podLabels: ["istio.io/rev": revision])
            ])
    }

    private static func shop(_ chance: inout Chance) -> WorkloadSpace {
        let web = LabWorkload(
            name: "web", kind: .deployment(replicas: chance.number(in: 1...3)),
            version: "2.\(chance.number(in: 0...9))", hasDisruptionBudget: true)
        return WorkloadSpace(
            name: "shop", labels: injected,
            applications: [
                LabWorkload(name: "cart", kind: .deployment(replicas: 2)), web,
                LabWorkload(
                    name: "orders", kind: .statefulSet(replicas: chance.number(in: 2...3))),
                LabWorkload(name: "promotions", kind: .deployment(replicas: 0)),
            ])
    }

    private static let telemetry = WorkloadSpace(
        name: "telemetry", labels: injected,
        applications: [
            LabWorkload(name: "node-agent", kind: .daemonSet),
            LabWorkload(name: "digest", kind: .cronJob),
            LabWorkload(name: "debug-shell", kind: .barePod),
        ])

    /// Not injected, and must not become so.
    private static let legacy = WorkloadSpace(
        name: "legacy", labels: [:],
        applications: [LabWorkload(name: "mainframe-bridge", kind: .deployment(replicas: 1))])

    private static func space(
        _ name: String, _ applications: [String], _ chance: inout Chance
    ) -> WorkloadSpace {
        WorkloadSpace(
            name: name, labels: injected,
            applications: applications.map { application in
                LabWorkload(
                    name: application, kind: .deployment(replicas: chance.number(in: 1...2)),
                    version: "1.\(chance.number(in: 0...9))")
            })
    }
}
