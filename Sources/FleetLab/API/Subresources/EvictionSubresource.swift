import FleetModel

/// Deletes a pod if the disruption budgets over it allow.
struct EvictionSubresource {
    let call: ResourceCall

    private static let budgets = "poddisruptionbudgets.policy"

    func respond() throws(StatusError) -> APIResponse {
        guard call.request.method == "POST" else { throw .methodNotAllowed }
        let eviction = call.request.body.isEmpty ? [:] : try call.request.document()
        let pod = try call.stored()
        let isDry = call.isDryRun || isDryRun(eviction)
        if countsForBudgets(pod) { try spend(budgets(over: pod), isDryRun: isDry) }
        let options = DeleteOptions(
            gracePeriodSeconds: eviction["deleteOptions"]?["gracePeriodSeconds"]?.int)
        try call.store.delete(call.key, options, dryRun: isDry)
        return call.done(code: 201)
    }

    private func isDryRun(_ eviction: JSON) -> Bool {
        eviction["deleteOptions"]?["dryRun"]?.array?.contains("All") == true
    }

    /// A pod that does no work disrupts nothing by going.
    private func countsForBudgets(_ pod: JSON) -> Bool {
        let idle = ["Pending", "Succeeded", "Failed"]
        return !pod.isTerminating && !idle.contains(pod["status"]?["phase"]?.string ?? "")
    }

    private func budgets(over pod: JSON) -> [JSON] {
        call.store.list(Self.budgets, namespace: call.key.namespace).filter { budget in
            guard let selector = budget["spec"]?["selector"] else { return false }
            return LabelSelector(selector)?.matches(pod.labels) ?? false
        }
    }

    private func spend(_ budgets: [JSON], isDryRun: Bool) throws(StatusError) {
        guard budgets.count <= 1 else {
            throw .internalError(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource"
                    + " does not support.")
        }
        guard let budget = budgets.first else { return }
        let key = ObjectKey(Self.budgets, namespace: budget.namespace, name: budget.name)
        try call.store.update(key, status: true, dryRun: isDryRun) { draft throws(StatusError) in
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
