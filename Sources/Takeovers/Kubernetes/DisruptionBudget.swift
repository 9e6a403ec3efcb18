import FleetModel

/// A PodDisruptionBudget: how many pods of a workload may be away at once.
///
/// It counts for evictions and node drains only; a rollout goes by its own limits.
struct DisruptionBudget: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    /// How many pods may be evicted right now; zero while nobody has counted.
    var allowed: Int { max(0, object.status["disruptionsAllowed"]?.int ?? 0) }

    /// Whether fewer pods are healthy than it asks for, so that it is broken already.
    var isViolated: Bool {
        guard let healthy = object.status["currentHealthy"]?.int,
            let wanted = object.status["desiredHealthy"]?.int
        else { return false }
        return healthy < wanted
    }

    /// Whether an eviction would be refused although every pod is well. A budget
    /// that no pod matches stops nobody.
    var isBlocking: Bool {
        allowed == 0 && (object.status["expectedPods"]?.int ?? 0) > 0
    }

    /// Whether a pod counts for it. A budget without a selector counts none.
    func covers(_ pod: Pod) -> Bool {
        guard pod.namespace == object.namespace, let written = object.spec["selector"],
            let selector = Selector(kubernetes: written)
        else { return false }
        return selector.matches(pod.labels)
    }
}
