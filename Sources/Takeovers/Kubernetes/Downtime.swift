import FleetModel

/// Why a restart leaves a moment without any pod: the last one goes before the next one is there.
enum Downtime: Hashable, Sendable {
    /// All of so many pods go first, as their strategy has it.
    case recreated(Int)
    /// All of so many may be missing while they roll.
    case missing(Int)
    /// One pod of a kind that ends it before it makes another.
    case replaced

    /// `nil` where there is always a pod.
    init?(of workload: Workload) {
        guard let spec = workload.object?.spec else { return nil }
        let wanted = spec.count("replicas", default: 1)
        switch workload.owner.kind {
        case "Deployment", "DeploymentConfig":
            guard wanted > 0 else { return nil }
            self.init(rolling: wanted, by: spec["strategy"] ?? .null)
        case "StatefulSet", "Rollout", "ReplicaSet", "ReplicationController":
            guard wanted == 1 else { return nil }
            self = .replaced
        default: return nil
        }
    }

    /// Of one pod, a share that may be missing is rounded down, and one on top of it up.
    private init?(rolling wanted: Int, by strategy: JSON) {
        if strategy["type"]?.string == "Recreate" {
            self = .recreated(wanted)
            return
        }
        let limits = strategy["rollingUpdate"] ?? strategy["rollingParams"] ?? .null
        let most = limits["maxUnavailable"]
        let mayAllBeMissing = most == "100%" || (most?.int ?? 0) >= wanted
        let isWithoutSurge = limits["maxSurge"] == 0 || limits["maxSurge"] == "0%"
        guard mayAllBeMissing || wanted == 1 && isWithoutSurge else { return nil }
        self = .missing(wanted)
    }

    var words: String {
        switch self {
        case .recreated(1): "Recreate, one replica"
        case .recreated(let count): "Recreate, all \(count) replicas at once"
        case .missing(1): "one replica, which may be missing"
        case .missing(let count): "all \(count) replicas may be missing"
        case .replaced: "one replica"
        }
    }

    /// What its team can do about it, where numbers are all it takes.
    var remedy: String? {
        guard case .missing = self else { return nil }
        return "with maxUnavailable 0 and maxSurge 1 it would not be"
    }
}
