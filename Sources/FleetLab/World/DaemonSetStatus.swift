import FleetModel

/// What a DaemonSet says of its pods, node by node.
struct DaemonSetStatus: Sendable {
    let set: JSON
    /// Those that have not ended.
    let pods: [JSON]
    let nodes: Int

    var document: JSON {
        let counted = Dictionary(grouping: pods, by: \.nodeName).values.compactMap(oldest)
        let ready = counted.filter(\.isReady).count
        let updated = counted.filter(history.isCurrent).count
        var status: JSON = [
            "observedGeneration": .int(Int64(set.generation)), "numberMisscheduled": 0,
            "desiredNumberScheduled": .int(Int64(nodes)),
            "currentNumberScheduled": .int(Int64(counted.count)),
            "numberReady": .int(Int64(ready)),
        ]
        let counts = [
            ("numberAvailable", ready), ("numberUnavailable", nodes - ready),
            ("updatedNumberScheduled", updated),
        ]
        for (name, count) in counts where count > 0 { status[name] = .int(Int64(count)) }
        return status
    }

    private var history: TemplateHistory { TemplateHistory(owner: set) }

    /// Of several pods on a node Kubernetes counts the oldest, so that a node counts as updated
    /// only once its old pod is gone. Those of one second are told apart by their template.
    private func oldest(_ pods: [JSON]) -> JSON? {
        pods.min { left, right in
            let moments = [left, right].map { $0.metadata["creationTimestamp"]?.string ?? "" }
            guard moments[0] == moments[1] else { return moments[0] < moments[1] }
            return !history.isCurrent(left) && history.isCurrent(right)
        }
    }
}
