import FleetModel

/// Argo's controller, in clusters that serve its kind.
struct ArgoRolloutController: Controller {
    let watches: Set<String> = [
        ArgoRollout.resource, "replicasets.apps", "pods", "poddisruptionbudgets.policy",
    ]

    func reconcile(_ scene: inout Scene) {
        let rollouts = scene.list(ArgoRollout.resource).filter { !$0.isTerminating }
        guard !rollouts.isEmpty else { return }
        let all = scene.list("replicasets.apps")
        let byOwner = Dictionary(grouping: all) { $0.controllerReference?["uid"]?.string ?? "" }
        for object in rollouts where isNoticed(object, &scene) {
            let rollout = ArgoRollout(rollout: object, replicaSets: byOwner[object.uid] ?? [])
            rollout.scale(&scene)
            report(rollout, isRestarted: restart(rollout, &scene), &scene)
        }
    }

    /// Argo writes the generation it has seen as text.
    private func isNoticed(_ rollout: JSON, _ scene: inout Scene) -> Bool {
        let seen = rollout[path: ["status", "observedGeneration"]]?.string.flatMap { Int($0) } ?? 0
        return rollout.generation <= seen
            || scene.waits.isOver(
                "\(rollout.uid)/\(rollout.generation)", after: scene.pace.observation)
    }

    private func restart(_ rollout: ArgoRollout, _ scene: inout Scene) -> Bool {
        guard let time = rollout.restart.flatMap({ LabTime($0) }) else { return true }
        return rollout.evictNext(before: time, &scene)
    }

    private func report(_ rollout: ArgoRollout, isRestarted: Bool, _ scene: inout Scene) {
        let object = rollout.rollout
        let updated = rollout.newest?.count("status", "replicas") ?? 0
        let all = rollout.older.reduce(updated) { $0 + $1.count("status", "replicas") }
        var status: JSON = [
            "observedGeneration": .string(String(object.generation)),
            "replicas": .int(Int64(all)), "updatedReplicas": .int(Int64(updated)),
            "readyReplicas": .int(Int64(rollout.newest?.count("status", "readyReplicas") ?? 0)),
            "availableReplicas": .int(
                Int64(rollout.newest?.count("status", "availableReplicas") ?? 0)),
            "phase": .string(phase(rollout, isRestarted)),
        ]
        let restarted =
            isRestarted
            ? object[path: ["spec", "restartAt"]] : object[path: ["status", "restartedAt"]]
        if let restarted { status["restartedAt"] = restarted }
        guard status != object["status"] else { return }
        let key = ObjectKey(ArgoRollout.resource, namespace: object.namespace, name: object.name)
        scene.update(key, status: true) { $0["status"] = status }
    }

    private func phase(_ rollout: ArgoRollout, _ isRestarted: Bool) -> String {
        if rollout.isPaused { return "Paused" }
        return rollout.isComplete && isRestarted ? "Healthy" : "Progressing"
    }
}
