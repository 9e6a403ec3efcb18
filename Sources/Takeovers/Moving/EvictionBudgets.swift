import FleetModel

/// What the disruption budgets of a cluster say to the eviction of a pod.
struct EvictionBudgets: Sendable {
    private let budgets: [DisruptionBudget]

    init(_ budgets: [DisruptionBudget]) { self.budgets = budgets }

    init(_ view: ClusterView) throws(Pause) {
        let items = try view.optionalList(firstOf: APIPath.disruptionBudgets) ?? []
        budgets = items.map(DisruptionBudget.init)
    }

    enum Answer: Hashable, Sendable {
        case yes
        case later(String)
        case never(String)

        /// Why not, or not now; `nil` when it may go.
        var reason: String? {
            switch self {
            case .yes: nil
            case .later(let reason), .never(let reason): reason
            }
        }
    }

    /// Which budget over any of the pods is broken already, in words. One that asks for more pods
    /// than there are is so for ever: nothing would come of waiting for it.
    func brokenOne(over pods: [Pod]) -> String? {
        let broken = budgets.first { budget in
            budget.isViolated && budget.canBeKept && pods.contains(where: budget.covers)
        }
        return broken.map {
            "fewer pods are well than disruption budget "
                + "\($0.object.qualifiedName) asks for"
        }
    }

    /// As the API server would answer: it evicts no pod that two budgets count (Kubernetes,
    /// `pkg/registry/core/pod/storage/eviction.go`).
    func answer(to pod: Pod) -> Answer {
        let over = budgets.filter { $0.covers(pod) }
        guard let budget = over.first else { return .yes }
        let names = over.map(\.object.qualifiedName).sorted()
        guard names.count == 1 else {
            return .never(
                "\(names.count) disruption budgets count pod \(pod.name): \(names.summary)")
        }
        if budget.allowed > 0 { return .yes }
        return .later("disruption budget \(names[0]) lets pod \(pod.name) not go yet")
    }
}
