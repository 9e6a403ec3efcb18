import FleetModel

/// Leads Deployments from one template to the next through ReplicaSets.
struct DeploymentController: Controller {
    let watches: Set<String> = ["deployments.apps", "replicasets.apps"]

    func reconcile(_ scene: inout Scene) {
        let all = scene.list("replicasets.apps")
        let byOwner = Dictionary(grouping: all) { $0.controllerReference?["uid"]?.string ?? "" }
        for deployment in scene.list("deployments.apps") where !deployment.isTerminating {
            guard isNoticed(deployment, &scene) else { continue }
            lead(deployment, byOwner[deployment.uid] ?? [], &scene)
        }
    }

    /// An edit is seen a moment later, and until then `observedGeneration` lags.
    private func isNoticed(_ deployment: JSON, _ scene: inout Scene) -> Bool {
        let generation = deployment.generation
        guard generation > deployment.count("status", "observedGeneration") else { return true }
        return scene.waits.isOver(
            "\(deployment.uid)/\(generation)", after: scene.pace.observation)
    }

    private func lead(_ deployment: JSON, _ replicaSets: [JSON], _ scene: inout Scene) {
        var rollout = Rollout(deployment: deployment, replicaSets: replicaSets)
        rollout.prepareNewest(&scene)
        rollout.scale(&scene)
        rollout.forgetOldest(&scene)
        report(rollout, &scene)
    }

    private func report(_ rollout: Rollout, _ scene: inout Scene) {
        let status = DeploymentStatus(rollout: rollout, now: scene.now)
        let next = status.next
        if let deadline = status.deadline { _ = scene.waits.isOver(deadline) }
        let key = rollout.key
        if next != rollout.deployment["status"] {
            scene.update(key, status: true) { $0["status"] = next }
        }
        guard let revision = rollout.newest?.annotations[Rollout.revisionKey],
            rollout.deployment.annotations[Rollout.revisionKey] != revision
        else { return }
        scene.update(key) {
            $0[path: ["metadata", "annotations", Rollout.revisionKey]] = .string(revision)
        }
    }
}
