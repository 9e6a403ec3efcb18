import FleetModel

/// How the pods of a workload are brought anew.
enum RestartWay: Hashable, Sendable {
    /// `kubectl rollout restart`.
    case rollout
    /// The same, and then its pods evicted one by one: `OnDelete`.
    case rolloutThenEviction
    /// A patch of `spec.restartAt`, which Argo's controller answers by evictions.
    case restartAt
    /// `oc rollout latest`, for OpenShift's DeploymentConfigs.
    case rolloutLatest
    /// Its pods evicted one by one: a ReplicaSet or ReplicationController by itself.
    case eviction
    /// Nothing of ours may restart it, for this reason.
    case never(String)
    /// Somebody's own kind, which only its operator can tell how to restart.
    case unknown(kind: String)

    init(of workload: Workload) {
        switch workload.owner.kind {
        case "Deployment": self = workload.isPaused ? .never("it is paused") : .rollout
        case "StatefulSet", "DaemonSet":
            self = workload.object?.updatesByItself == false ? .rolloutThenEviction : .rollout
        case "Rollout": self = workload.isPaused ? .never("it is paused") : .restartAt
        case "DeploymentConfig": self = workload.isPaused ? .never("it is paused") : .rolloutLatest
        case "ReplicaSet", "ReplicationController": self = .eviction
        // Pods of the other kinds we know end by themselves, or for good.
        case let kind: self = endings[kind].map(Self.never) ?? .unknown(kind: kind)
        }
    }

    /// Whether its pods are brought anew one by one, by us.
    var evicts: Bool { self == .rolloutThenEviction || self == .eviction }
}

/// Why pods of some kinds are not brought anew.
private let endings = [
    "Pod": "a bare pod: nothing would make it anew",
    "Node": "a static pod of its node",
    "Job": "a Job's pods are left to end by themselves",
]

extension Workload {
    /// Whether it was told not to roll; a rollout that waits at a step is not paused so.
    fileprivate var isPaused: Bool { object?.spec["paused"]?.bool == true }
}
