import FleetModel

/// A PodDisruptionBudget: how many pods of a workload may be away at once.
///
/// It counts for evictions and node drains only; a rollout goes by its own limits.
struct DisruptionBudget: Hashable, Sendable {
    let object: JSON
    /// `nil` for one that counts no pods: without a selector, or with one that we do not
    /// understand.
    private let selector: Selector?

    init(_ object: JSON) {
        self.object = object
        let written = object.spec["selector"] ?? .null
        selector = written.isNull ? nil : Selector(kubernetes: written)
    }

    /// How many pods may be evicted right now; zero while nobody has counted.
    var allowed: Int { isCounted ? max(0, object.status["disruptionsAllowed"]?.int ?? 0) : 0 }

    /// Whether its controller has seen its latest change.
    private var isCounted: Bool {
        (object.metadata["generation"]?.int ?? 0) <= (object.status["observedGeneration"]?.int ?? 0)
    }

    /// Whether fewer pods are healthy than it asks for, so that it is broken already.
    var isViolated: Bool {
        guard let healthy = object.status["currentHealthy"]?.int,
            let wanted = object.status["desiredHealthy"]?.int
        else { return false }
        return healthy < wanted
    }

    /// Whether there are as many pods as it wants to be well.
    var canBeKept: Bool {
        (object.status["desiredHealthy"]?.int ?? 0) <= (object.status["expectedPods"]?.int ?? 0)
    }

    /// Whether an eviction would be refused although every pod is well. A budget
    /// that no pod matches stops nobody.
    var isBlocking: Bool {
        allowed == 0 && (object.status["expectedPods"]?.int ?? 0) > 0
    }

    /// Whether a pod counts for it.
    func covers(_ pod: Pod) -> Bool {
        pod.namespace == object.namespace && selector?.matches(pod.labels) == true
    }
}
