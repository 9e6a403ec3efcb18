import FleetModel

/// What pods are restarted through, with the pods that live.
struct Workload: Hashable, Sendable {
    let owner: OwnerReference
    /// `nil` when the owner was not among the objects read.
    let object: JSON?
    /// Whether the owner is the last of the chain. While a rollout goes on, a pod
    /// may be read whose ReplicaSet was made after the ReplicaSets were.
    var isResolved = true
    /// Alive pods in the order of their names, terminating ones too.
    let pods: [Pod]

    /// Pods that stay, and carry a sidecar that an injector put there.
    var injectedPods: [Pod] {
        pods.filter { !$0.isTerminating && $0.proxy != nil && Proxy.isInjected(into: $0.object) }
    }

    /// Whether any pod, even one on its way out, carries an injected sidecar.
    var isInMesh: Bool {
        pods.contains { $0.proxy != nil && Proxy.isInjected(into: $0.object) }
    }

    var rollout: Rollout {
        object.map { Rollout(of: $0, kind: owner.kind) } ?? .unsupported(owner.kind)
    }

    /// Why nothing of ours would bring new pods; `nil` when something would.
    var obstacle: String? {
        switch RestartWay(of: self) {
        case .rollout: if case .partial = rollout { rollout.complaint } else { nil }
        case .restartAt: rollout == .paused ? rollout.complaint : nil
        case .rolloutThenEviction, .eviction, .rolloutLatest: nil
        case .never(let reason): isHeldBySidecars ? Self.heldBySidecars : reason
        case .unknown(let kind): "a \(kind) is restarted by its own operator"
        }
    }

    /// Whether its pods are left to end by themselves, which they do when their work is done.
    var endsByItself: Bool { owner.kind == "Job" }

    /// Whether it never ends: all that is left of its pods are their sidecars.
    var isHeldBySidecars: Bool {
        endsByItself && injectedPods.contains(where: \.isHeldBySidecar)
    }

    private static let heldBySidecars =
        "its own containers have ended, and its sidecar never does"

    /// What keeps its pods from all being there and well; `nil` when they are.
    var trouble: String? {
        switch rollout {
        case .waiting(let reason), .failed(let reason): reason
        default: RestartWay(of: self).evicts ? absence : nil
        }
    }

    /// Whether another look may tell more about the owner.
    var isUnclear: Bool {
        !isResolved || (object == nil && restartableKinds.contains(owner.kind))
    }

    /// When its template was last restarted; `nil` when it never was.
    var restartedAt: String? {
        if owner.kind == "Rollout" { return object?.spec["restartAt"]?.nonEmpty }
        return object?.template.annotations[Self.restartAnnotation]
    }

    static let restartAnnotation = "kubectl.kubernetes.io/restartedAt"

    /// What it belongs to itself, such as the resource of an operator.
    var controller: OwnerReference? { object.flatMap(OwnerReference.init(controllerOf:)) }

    /// Whether it told the cluster's autoscaler to leave its pods alone.
    var isNotToBeEvicted: Bool {
        object?.template.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false"
    }

    /// Whether pods are still of an earlier template, which stay so until somebody deletes them.
    ///
    /// A StatefulSet's `currentRevision` stays behind for ever where pods are deleted by hand, so
    /// the pods are asked for theirs.
    var isBehindItsTemplate: Bool {
        guard RestartWay(of: self) == .rolloutThenEviction, let status = object?.status else {
            return false
        }
        guard owner.kind == "StatefulSet" else {
            return status.count("updatedNumberScheduled") < status.count("currentNumberScheduled")
        }
        guard let latest = status["updateRevision"]?.nonEmpty else { return false }
        return pods.contains { pod in
            guard let own = pod.labels["controller-revision-hash"] else { return false }
            return !pod.isTerminating && own != latest
        }
    }
}

extension Workload {
    /// What its controller still has to bring back of pods that were evicted.
    private var absence: String? {
        let staying = pods.filter { !$0.isTerminating }
        let wanted =
            owner.kind == "DaemonSet"
            ? object?.status.count("desiredNumberScheduled")
            : object?.spec.count("replicas", default: 1)
        if let wanted, staying.count < wanted {
            return "\(staying.count) of \(wanted) pods are there"
        }
        return staying.first { !$0.isReady }.map { "pod \($0.name) is not ready" }
    }
}

/// Kinds whose objects are read wherever they have pods.
private let restartableKinds: Set<String> = [
    "Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig",
]
