import FleetModel

/// One pod's eviction: a deletion that disruption budgets may refuse.
struct Eviction {
    let store: ClusterStore
    let pod: JSON
    var isDryRun = false

    private static let budgets = "poddisruptionbudgets.policy"

    func take(_ options: DeleteOptions = DeleteOptions()) throws(StatusError) {
        let key = ObjectKey("pods", namespace: pod.namespace, name: pod.name)
        // Another pod of the name is refused before anything is spent on it.
        try store.delete(key, options, dryRun: true)
        if countsForBudgets { try spend(budgetsOver) }
        try store.delete(key, options, dryRun: isDryRun)
    }

    /// A pod that does no work disrupts nothing by going.
    private var countsForBudgets: Bool {
        let idle = ["Pending", "Succeeded", "Failed"]
        return !pod.isTerminating && !idle.contains(pod["status"]?["phase"]?.string ?? "")
    }

    private var budgetsOver: [JSON] {
        store.list(Self.budgets, namespace: pod.namespace).filter { budget in
            guard let selector = budget["spec"]?["selector"] else { return false }
            return LabelSelector(selector)?.matches(pod.labels) ?? false
        }
    }

    private func spend(_ budgets: [JSON]) throws(StatusError) {
        guard budgets.count <= 1 else {
            throw .internalError(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource"
                    + " does not support.")
        }
        guard let budget = budgets.first else { return }
        let key = ObjectKey(Self.budgets, namespace: budget.namespace, name: budget.name)
        try store.update(key, status: true, dryRun: isDryRun) { draft throws(StatusError) in
            let allowed = draft["status"]?["disruptionsAllowed"]?.int ?? 0
            guard allowed > 0 else { throw Self.refusal(by: draft) }
            draft[path: ["status", "disruptionsAllowed"]] = .int(Int64(allowed - 1))
        }
    }

    private static func refusal(by budget: JSON) -> StatusError {
        let needed = budget["status"]?["desiredHealthy"]?.int ?? 0
        let healthy = budget["status"]?["currentHealthy"]?.int ?? 0
        return .tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.",
            causes: [
                [
                    "reason": "DisruptionBudget",
                    "message": .string(
                        "The disruption budget \(budget.name) needs \(needed) healthy pods and has"
                            + " \(healthy) currently"),
                ]
            ])
    }
}
