import FleetModel

/// Keeps as many pods as a ReplicaSet asks for, or a ReplicationController, which does the same.
struct ReplicaSetController: Controller {
    var resource = "replicasets.apps"

    static let replicationControllers = ReplicaSetController(resource: "replicationcontrollers")

    var watches: Set<String> { [resource, "pods"] }

    func reconcile(_ scene: inout Scene) {
        for replicaSet in scene.list(resource) where !replicaSet.isTerminating {
            let failure = adjust(replicaSet, &scene)
            report(replicaSet, failure, &scene)
        }
    }

    /// - Returns: why pods could not be created.
    private func adjust(_ replicaSet: JSON, _ scene: inout Scene) -> String? {
        let active = scene.pods(of: replicaSet).filter(\.isActive)
        let wanted = replicaSet.count("spec", "replicas")
        if active.count > wanted { shrink(active, by: active.count - wanted, &scene) }
        guard active.count < wanted else { return nil }
        return grow(replicaSet, by: wanted - active.count, &scene)
    }

    private func grow(_ replicaSet: JSON, by missing: Int, _ scene: inout Scene) -> String? {
        let wait = "create/\(replicaSet.uid)"
        let former = Condition.find("ReplicaFailure", in: replicaSet)?["message"]?.string
        if scene.waits.knows(wait), !scene.waits.isOver(wait, after: scene.pace.createRetry) {
            return former
        }
        let factory = PodFactory(owner: replicaSet)
        for _ in 0..<missing {
            do {
                try scene.store.create("pods", factory.pod())
            } catch {
                let message = Self.message(of: error, replicaSet)
                scene.waits.restart(wait)
                _ = scene.waits.isOver(wait, after: scene.pace.createRetry)
                EventRecorder.warn(
                    about: replicaSet, "FailedCreate", "Error creating: \(message)",
                    by: component, &scene)
                return message
            }
        }
        return nil
    }

    private var component: String {
        resource == "replicasets.apps" ? "replicaset-controller" : "replication-controller"
    }

    /// The API server names the generated pod by its prefix.
    private static func message(of error: StatusError, _ replicaSet: JSON) -> String {
        guard error.reason == "Forbidden" else { return error.message }
        let reason = error.message.split(separator: " is forbidden: ", maxSplits: 1).last ?? ""
        return "pods \"\(replicaSet.name)-\" is forbidden: \(reason)"
    }

    /// Pods that are of least use go first: those not ready, then the youngest.
    private func shrink(_ pods: [JSON], by surplus: Int, _ scene: inout Scene) {
        let ranked = pods.sorted { Self.rank($0) < Self.rank($1) }
        for pod in ranked.prefix(surplus) {
            scene.delete(ObjectKey("pods", namespace: pod.namespace, name: pod.name))
        }
    }

    private static func rank(_ pod: JSON) -> (Int, Int, String) {
        let created = pod["metadata"]?["creationTimestamp"]?.string.flatMap { LabTime($0) }
        return (pod.isReady ? 1 : 0, -Int(created?.milliseconds ?? 0), pod.name)
    }

    private func report(_ replicaSet: JSON, _ failure: String?, _ scene: inout Scene) {
        let pods = scene.pods(of: replicaSet).filter(\.isActive)
        let ready = Int64(pods.filter(\.isReady).count)
        var conditions = replicaSet[path: ["status", "conditions"]]?.array ?? []
        conditions.removeAll { $0["type"]?.string == "ReplicaFailure" && failure == nil }
        if let failure {
            Condition("ReplicaFailure", true, "FailedCreate", failure)
                .set(in: &conditions, now: scene.now)
        }
        var status: JSON = [
            "replicas": .int(Int64(pods.count)),
            "observedGeneration": .int(Int64(replicaSet.generation)),
        ]
        if !pods.isEmpty { status["fullyLabeledReplicas"] = .int(Int64(pods.count)) }
        if ready > 0 {
            status["readyReplicas"] = .int(ready)
            status["availableReplicas"] = .int(ready)
        }
        if !conditions.isEmpty { status["conditions"] = .array(conditions) }
        guard status != replicaSet["status"] else { return }
        let key = ObjectKey(resource, namespace: replicaSet.namespace, name: replicaSet.name)
        scene.update(key, status: true) { $0["status"] = status }
    }
}
