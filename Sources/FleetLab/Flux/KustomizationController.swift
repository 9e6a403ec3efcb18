import FleetModel

/// Flux's kustomize-controller: applies what the environment's repository says, and puts
/// right what others have changed, every interval anew.
struct KustomizationController: Controller {
    let watches: Set<String> = [FluxKinds.kustomizations, FluxKinds.repositories]

    func reconcile(_ scene: inout Scene) {
        for kustomization in scene.list(FluxKinds.kustomizations) {
            guard !kustomization.isTerminating,
                kustomization[path: ["spec", "suspend"]]?.bool != true,
                let artifact = artifact(of: kustomization, scene)
            else { continue }
            lead(kustomization, artifact, &scene)
        }
    }

    private func artifact(of kustomization: JSON, _ scene: Scene) -> JSON? {
        let name = kustomization[path: ["spec", "sourceRef", "name"]]?.string ?? ""
        let key = ObjectKey(
            FluxKinds.repositories, namespace: kustomization.namespace, name: name)
        return scene.store.get(key)?[path: ["status", "artifact"]]
    }

    private func lead(_ kustomization: JSON, _ artifact: JSON, _ scene: inout Scene) {
        let request = FluxRequest(kustomization)
        let revision = artifact["revision"]?.string ?? ""
        let interval = "\(kustomization.uid)/interval"
        let isDue = scene.waits.isOver(interval, after: scene.pace.fluxInterval)
        guard
            isDue || request.isOpen
                || kustomization.count("status", "observedGeneration") != kustomization.generation
                || kustomization[path: ["status", "lastAppliedRevision"]]?.string != revision
        else { return }
        let question =
            "\(kustomization.uid)/\(kustomization.generation)/\(revision)/\(request.token ?? "")"
        guard isDue || scene.waits.isOver(question, after: scene.pace.observation) else { return }
        // Of what others apply the lab knows nothing: it stays as it is.
        if let content = artifact["content"] { Environment(content).apply(&scene) }
        report(kustomization, revision, request, &scene)
        scene.waits.restart(interval)
        _ = scene.waits.isOver(interval, after: scene.pace.fluxInterval)
    }

    private func report(
        _ kustomization: JSON, _ revision: String, _ request: FluxRequest, _ scene: inout Scene
    ) {
        let now = scene.now
        let key = ObjectKey(
            FluxKinds.kustomizations, namespace: kustomization.namespace, name: kustomization.name)
        scene.update(key, status: true) { object in
            var status = object["status"] ?? [:]
            status["observedGeneration"] = .int(Int64(kustomization.generation))
            status["lastAppliedRevision"] = .string(revision)
            status["lastAttemptedRevision"] = .string(revision)
            request.answer(in: &status)
            var conditions = status["conditions"]?.array ?? []
            Condition("Ready", true, "ReconciliationSucceeded", "Applied revision: \(revision)")
                .set(in: &conditions, now: now)
            status["conditions"] = .array(conditions)
            object["status"] = status
        }
    }
}
