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

    /// Why `kubectl rollout restart` would not bring new pods; `nil` when it would.
    var obstacle: String? {
        if let reason = kindObstacles[owner.kind] { return reason }
        guard restartableKinds.contains(owner.kind) else {
            return "a \(owner.kind) is not restarted by kubectl"
        }
        return switch rollout {
        case .paused, .manual, .partial: rollout.complaint
        default: nil
        }
    }

    /// Whether another look may tell more about the owner.
    var isUnclear: Bool {
        !isResolved || (object == nil && restartableKinds.contains(owner.kind))
    }

    /// When its template was last restarted; `nil` when it never was.
    var restartedAt: String? {
        object?.template.annotations["kubectl.kubernetes.io/restartedAt"]
    }

    /// Whether a restart leaves a moment without any pod.
    var causesDowntime: Bool {
        object?.spec[path: ["strategy", "type"]]?.string == "Recreate"
            && (object?.spec["replicas"]?.int ?? 1) == 1
    }
}

/// Kinds that `kubectl rollout restart` takes (kubectl 1.15 and later).
private let restartableKinds: Set<String> = ["Deployment", "StatefulSet", "DaemonSet"]

/// Why pods of some kinds are not restarted by `kubectl rollout`.
let kindObstacles = [
    "Pod": "a bare pod: nothing would make it anew",
    "Node": "a static pod of its node",
    "Job": "a Job's pods are left to end by themselves",
    "Rollout": "an Argo Rollout is not restarted by kubectl",
    "ReplicaSet": "a ReplicaSet without a Deployment does not replace its pods",
    "ReplicationController": "a ReplicationController does not replace its pods",
]
