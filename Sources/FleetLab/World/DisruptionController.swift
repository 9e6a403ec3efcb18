import FleetModel

/// Works out how many pods each PodDisruptionBudget lets be evicted.
struct DisruptionController: Controller {
    private static let resource = "poddisruptionbudgets.policy"

    let watches: Set<String> = [
        "poddisruptionbudgets.policy", "pods", "replicasets.apps", "statefulsets.apps",
    ]

    func reconcile(_ scene: inout Scene) {
        for budget in scene.list(Self.resource) where !budget.isTerminating {
            let selector = LabelSelector(budget[path: ["spec", "selector"]] ?? [:])
            let pods = scene.list("pods").filter {
                $0.namespace == budget.namespace && $0.isActive
                    && selector?.matches($0.labels) ?? false
            }
            report(budget, pods, &scene)
        }
    }

    private func report(_ budget: JSON, _ pods: [JSON], _ scene: inout Scene) {
        let healthy = pods.filter(\.isReady).count
        let desired = Self.desired(budget["spec"] ?? [:], of: pods.count)
        let allowed = max(0, healthy - desired)
        var conditions = budget[path: ["status", "conditions"]]?.array ?? []
        Condition(
            "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods",
            ""
        ).set(in: &conditions, now: scene.now)
        let status: JSON = [
            "observedGeneration": .int(Int64(budget.generation)),
            "disruptionsAllowed": .int(Int64(allowed)), "currentHealthy": .int(Int64(healthy)),
            "desiredHealthy": .int(Int64(desired)), "expectedPods": .int(Int64(pods.count)),
            "conditions": .array(conditions),
        ]
        guard status != budget["status"] else { return }
        let key = ObjectKey(Self.resource, namespace: budget.namespace, name: budget.name)
        scene.update(key, status: true) { $0["status"] = status }
    }

    /// How many pods must stay healthy.
    private static func desired(_ spec: JSON, of expected: Int) -> Int {
        if let least = spec["minAvailable"] { return amount(least, of: expected) }
        if let most = spec["maxUnavailable"] {
            return max(0, expected - amount(most, of: expected))
        }
        return max(0, expected - 1)
    }

    /// A count, or a share rounded up.
    private static func amount(_ value: JSON, of expected: Int) -> Int {
        if let count = value.int { return max(0, count) }
        let percent = value.string.flatMap { Int($0.dropLast()) } ?? 0
        return (expected * percent + 99) / 100
    }
}
