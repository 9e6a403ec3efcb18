import FleetModel

/// A pod as it runs.
struct Pod: Hashable, Sendable {
    let object: JSON
    let proxy: Proxy?

    init(_ object: JSON) {
        self.object = object
        proxy = Proxy(of: object)
    }

    var name: String { object.name }
    var namespace: String { object.namespace }
    var labels: [String: String] { object.labels }
    var isTerminating: Bool { object.isTerminating }
    var isHostNetwork: Bool { object.spec["hostNetwork"]?.bool ?? false }
    var isReady: Bool { object.condition("Ready")?["status"]?.string == "True" }

    var createdAt: Timestamp? {
        object.metadata["creationTimestamp"]?.string.flatMap(Timestamp.init(rfc3339:))
    }

    /// Whether the pod may still hold a connection: one that ended never does,
    /// one that is terminating still may.
    var isAlive: Bool {
        let phase = object.status["phase"]?.string
        return phase != "Succeeded" && phase != "Failed"
    }

    /// How often its containers were restarted, in all.
    var restarts: Int {
        let statuses =
            object.status.items("containerStatuses") + object.status.items("initContainerStatuses")
        return statuses.reduce(0) { sum, status in
            let (total, overflow) = sum.addingReportingOverflow(status["restartCount"]?.int ?? 0)
            return overflow ? .max : total
        }
    }

    /// Why the pod or containers of it do not run, such as `ImagePullBackOff`.
    var waitingReasons: [String] {
        let statuses =
            object.status.items("initContainerStatuses") + object.status.items("containerStatuses")
        let place = object.condition("PodScheduled")
        let unplaced = place?["status"]?.string == "False" ? place?["reason"]?.nonEmpty : nil
        return statuses.compactMap { $0[path: ["state", "waiting", "reason"]]?.string }
            + (unplaced.map { [$0] } ?? [])
    }

    /// Whether only its proxy runs on: the containers that had something to do have ended for
    /// good, and nobody told the proxy.
    var isHeldBySidecar: Bool {
        let statuses = object.status.items("containerStatuses")
        let others = statuses.filter { $0["name"]?.string != "istio-proxy" }
        let proxy = statuses.first { $0["name"]?.string == "istio-proxy" }
        let policy = object.spec["restartPolicy"]?.string
        return proxy?[path: ["state", "running"]] != nil && !others.isEmpty
            && others.allSatisfy { status in
                guard let ended = status[path: ["state", "terminated"]] else { return false }
                return policy == "Never" || policy == "OnFailure" && ended["exitCode"]?.int == 0
            }
    }

    /// What made the pod, directly.
    var controller: OwnerReference? { OwnerReference(controllerOf: object) }

    /// By which names, `namespace/name`, people may mean it: its own, that of what made it
    /// directly, and that of what they wrote themselves.
    var names: [String] {
        [object.qualifiedName] + [controller?.path, author].compactMap { $0 }
    }

    /// The Deployment, Rollout or DeploymentConfig of which something made the pod. A ReplicaSet
    /// is called by its author and the hash of the template, which is a label of the pod.
    private var author: String? {
        if let config = object.annotations["openshift.io/deployment-config.name"] {
            return "\(namespace)/\(config)"
        }
        guard let controller, controller.kind == "ReplicaSet",
            let hash = labels["rollouts-pod-template-hash"] ?? labels["pod-template-hash"],
            controller.name.hasSuffix("-\(hash)")
        else { return nil }
        return String(controller.path.dropLast(hash.count + 1))
    }
}
