import FleetModel

/// The status of a Deployment as its controller writes it.
struct DeploymentStatus {
    let rollout: Rollout
    let now: LabTime

    private var former: JSON { rollout.deployment["status"] ?? [:] }

    var next: JSON {
        var status = counts
        status["observedGeneration"] = .int(Int64(rollout.deployment.generation))
        var conditions = former["conditions"]?.array ?? []
        availability.set(in: &conditions, now: now)
        setProgress(in: &conditions)
        setFailure(in: &conditions)
        status["conditions"] = .array(conditions)
        return status
    }

    /// When the rollout will have taken too long, if it is going on.
    var deadline: LabTime? {
        guard !rollout.isComplete, !rollout.isPaused, !isSettled, let progress = progress,
            progress["reason"]?.string != "ProgressDeadlineExceeded",
            let last = progress["lastUpdateTime"]?.string.flatMap({ LabTime($0) })
        else { return nil }
        return last + patience
    }

    private var patience: Int {
        rollout.deployment[path: ["spec", "progressDeadlineSeconds"]]?.int ?? 600
    }

    private var progress: JSON? { Condition.find("Progressing", in: rollout.deployment) }

    private func sum(_ field: String) -> Int {
        rollout.all.reduce(0) { $0 + $1.count("status", field) }
    }

    /// Counts of zero are left out, as Kubernetes does.
    private var counts: JSON {
        let wanted = rollout.all.reduce(0) { $0 + $1.count("spec", "replicas") }
        let available = sum("availableReplicas")
        let numbers = [
            ("replicas", sum("replicas")),
            ("updatedReplicas", rollout.newest?.count("status", "replicas") ?? 0),
            ("readyReplicas", sum("readyReplicas")), ("availableReplicas", available),
            ("unavailableReplicas", max(0, max(wanted, rollout.plan.replicas) - available)),
        ]
        var counts: JSON = [:]
        for (name, number) in numbers where number > 0 { counts[name] = .int(Int64(number)) }
        return counts
    }

    private var availability: Condition {
        sum("availableReplicas") >= rollout.plan.leastAvailable
            ? Condition(
                "Available", true, "MinimumReplicasAvailable",
                "Deployment has minimum availability.")
            : Condition(
                "Available", false, "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.")
    }

    private func setProgress(in conditions: inout [JSON]) {
        let subject = rollout.newest.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment"
        if rollout.isPaused {
            Condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
                .set(in: &conditions, now: now)
        } else if rollout.isComplete {
            Condition(
                "Progressing", true, "NewReplicaSetAvailable",
                "\(subject) has successfully progressed."
            ).set(in: &conditions, now: now)
        } else if isSettled {
            return
        } else if isNewsworthy {
            Condition("Progressing", true, "ReplicaSetUpdated", "\(subject) is progressing.")
                .set(in: &conditions, now: now, isUpdate: true)
        } else if let deadline, deadline <= now {
            Condition(
                "Progressing", false, "ProgressDeadlineExceeded",
                "\(subject) has timed out progressing."
            ).set(in: &conditions, now: now)
        }
    }

    /// A rollout that once ended stays so, even when its pods fall ill later.
    private var isSettled: Bool {
        progress?["reason"]?.string == "NewReplicaSetAvailable"
            && sum("replicas") == rollout.newest?.count("status", "replicas")
            && former.count("observedGeneration") == rollout.deployment.generation
    }

    /// Whether anything moved since the last report, which starts the patience over.
    private var isNewsworthy: Bool {
        let reason = progress?["reason"]?.string
        if reason == nil || reason == "NewReplicaSetAvailable" || reason == "DeploymentPaused" {
            return true
        }
        let counted = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
        return counted.contains { counts.count($0) != former.count($0) }
            || former.count("observedGeneration") != rollout.deployment.generation
    }

    private func setFailure(in conditions: inout [JSON]) {
        let failure = rollout.all.lazy.compactMap { Condition.find("ReplicaFailure", in: $0) }.first
        conditions.removeAll { $0["type"]?.string == "ReplicaFailure" && failure == nil }
        guard let message = failure?["message"]?.string else { return }
        Condition("ReplicaFailure", true, "FailedCreate", message).set(in: &conditions, now: now)
    }
}
