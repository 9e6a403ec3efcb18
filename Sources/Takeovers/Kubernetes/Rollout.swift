import FleetModel

/// How far a workload is with bringing its pods to its template.
enum Rollout: Hashable, Sendable {
    case done
    case waiting(String)
    case failed(String)
    /// A Deployment that was told not to roll.
    case paused
    /// A workload that replaces no pod by itself: `OnDelete`.
    case manual
    /// Done but for the ordinals below a StatefulSet's partition.
    case partial(Int)
    /// A kind that this reader does not know.
    case unsupported(String)

    /// Follows `kubectl rollout status` (kubectl, `polymorphichelpers/rollout_status.go`);
    /// Argo's Rollouts and OpenShift's DeploymentConfigs, which it does not know, by
    /// their own status.
    ///
    /// The kind is told apart, since the items of a raw list do not carry theirs.
    init(of workload: JSON, kind: String) {
        switch kind {
        case "Deployment": self = rollout(ofDeployment: workload)
        case "DeploymentConfig": self = rollout(ofDeploymentConfig: workload)
        case "StatefulSet": self = rollout(ofStatefulSet: workload)
        case "DaemonSet": self = rollout(ofDaemonSet: workload)
        case "Rollout": self = rollout(ofArgo: workload)
        default: self = .unsupported(kind)
        }
    }
}

private func rollout(ofDeployment deployment: JSON) -> Rollout {
    if deployment.spec["paused"]?.bool == true { return .paused }
    guard deployment.isObserved else { return .waiting("the change has not been seen yet") }
    let progress = deployment.condition("Progressing")?["reason"]?.string
    if progress == "ProgressDeadlineExceeded" {
        return .failed("it exceeded its progress deadline")
    }
    let (wanted, status) = (deployment.spec.count("replicas", default: 1), deployment.status)
    let (updated, all) = (status.count("updatedReplicas"), status.count("replicas"))
    let available = status.count("availableReplicas")
    if updated < wanted { return .waiting("\(updated) of \(wanted) pods are updated") }
    if all > updated { return .waiting("\(all - updated) old pods are still there") }
    if available < updated { return .waiting("\(available) of \(updated) pods are available") }
    return .done
}

/// Its counts mean what a Deployment's do. A rollout that failed is taken back by its
/// controller, which leaves the counts in order (OpenShift, `DeploymentProgressing`).
private func rollout(ofDeploymentConfig config: JSON) -> Rollout {
    let rollout = rollout(ofDeployment: config)
    let progress = config.condition("Progressing")
    guard rollout != .paused, config.isObserved, progress?["status"]?.string == "False" else {
        return rollout
    }
    return .failed("its latest rollout failed (\(progress?["reason"]?.string ?? "no reason"))")
}

private func rollout(ofStatefulSet statefulSet: JSON) -> Rollout {
    guard statefulSet.isObserved else { return .waiting("the change has not been seen yet") }
    guard statefulSet.updatesByItself else { return .manual }
    let (wanted, status) = (statefulSet.spec.count("replicas", default: 1), statefulSet.status)
    let rollingUpdate = statefulSet.spec[path: ["updateStrategy", "rollingUpdate"]] ?? .null
    let partition = rollingUpdate.count("partition")
    let (ready, updated) = (status.count("readyReplicas"), status.count("updatedReplicas"))
    if ready < wanted { return .waiting("\(ready) of \(wanted) pods are ready") }
    if updated < wanted - min(partition, wanted) {
        return .waiting("\(updated) of \(wanted) pods are updated")
    }
    return partition > 0 ? .partial(partition) : .done
}

private func rollout(ofDaemonSet daemonSet: JSON) -> Rollout {
    guard daemonSet.isObserved else { return .waiting("the change has not been seen yet") }
    guard daemonSet.updatesByItself else { return .manual }
    let wanted = daemonSet.status.count("desiredNumberScheduled")
    let updated = daemonSet.status.count("updatedNumberScheduled")
    let available = daemonSet.status.count("numberAvailable")
    if updated < wanted { return .waiting("\(updated) of \(wanted) pods are updated") }
    if available < wanted { return .waiting("\(available) of \(wanted) pods are available") }
    return .done
}

/// A Rollout of Argo: its controller says itself how it stands, and answers a
/// `restartAt` by repeating it in `restartedAt`.
private func rollout(ofArgo rollout: JSON) -> Rollout {
    if rollout.spec["paused"]?.bool == true { return .paused }
    guard rollout.isObserved else { return .waiting("the change has not been seen yet") }
    let (wanted, reached) = (rollout.spec["restartAt"], rollout.status["restartedAt"])
    if let wanted = wanted?.nonEmpty, wanted != reached?.nonEmpty {
        return .waiting("the restart of \(wanted) is not through")
    }
    let message = rollout.status["message"]?.nonEmpty
    switch rollout.status["phase"]?.nonEmpty {
    case "Healthy": return .done
    case "Paused": return .paused
    case "Degraded", "Error", "InvalidSpec": return .failed(message ?? "it is degraded")
    case let phase?: return .waiting(message ?? "it is \(phase)")
    case nil: return .waiting("its controller has not looked at it yet")
    }
}

extension Rollout {
    var isDone: Bool { self == .done }

    /// The state as the end of a sentence that names the workload; `nil` when all is well.
    var complaint: String? {
        switch self {
        case .done: nil
        case .waiting(let reason), .failed(let reason): reason
        case .paused: "it is paused"
        case .manual: "it replaces its pods only when they are deleted (OnDelete)"
        case .partial(let partition): "its partition keeps pods below ordinal \(partition)"
        case .unsupported(let kind): "a \(kind) is not restarted by kubectl"
        }
    }
}

extension JSON {
    /// Whether the controller has seen the latest change of the spec.
    ///
    /// Argo writes the number as text.
    fileprivate var isObserved: Bool {
        let observed = status["observedGeneration"]
        let seen = observed?.int ?? observed?.string.flatMap { Int($0) } ?? 0
        return (metadata["generation"]?.int ?? 0) <= seen
    }

    /// Whether a StatefulSet or DaemonSet replaces its pods when its template changes.
    var updatesByItself: Bool {
        let strategy = spec[path: ["updateStrategy", "type"]]?.string
        return strategy == nil || strategy == "RollingUpdate"
    }
}
