import FleetModel

/// Flux's source-controller: fetches what a GitRepository names.
struct GitRepositoryController: Controller {
    let watches: Set<String> = [FluxKinds.repositories]

    func reconcile(_ scene: inout Scene) {
        for repository in scene.list(FluxKinds.repositories) where !repository.isTerminating {
            let request = FluxRequest(repository)
            guard
                repository.count("status", "observedGeneration") != repository.generation
                    || request.isOpen
            else { continue }
            let question = "\(repository.uid)/\(repository.generation)/\(request.token ?? "")"
            guard scene.waits.isOver(question, after: scene.pace.observation) else { continue }
            fetch(repository, request, &scene)
        }
    }

    private func fetch(_ repository: JSON, _ request: FluxRequest, _ scene: inout Scene) {
        let content = EnvironmentRepository.content(of: repository, in: scene.store)
        let reference = repository[path: ["spec", "ref", "tag"]]?.string ?? "main"
        let commit = Chance.letters(12, of: "\(repository.name)/\(content ?? reference)")
        let revision = "\(reference)@sha1:\(commit)"
        let now = scene.now
        let key = ObjectKey(
            FluxKinds.repositories, namespace: repository.namespace, name: repository.name)
        scene.update(key, status: true) { object in
            var status = object["status"] ?? [:]
            status["observedGeneration"] = .int(Int64(repository.generation))
            status["artifact"] = [
                "revision": .string(revision), "lastUpdateTime": .string(now.timestamp),
            ]
            // The lab has no archive to serve: what was fetched is kept here.
            status[path: ["artifact", "content"]] = content.map(JSON.string)
            request.answer(in: &status)
            var conditions = status["conditions"]?.array ?? []
            let words = "stored artifact for revision '\(revision)'"
            for type in ["Ready", "ArtifactInStorage"] {
                Condition(type, true, "Succeeded", words).set(in: &conditions, now: now)
            }
            status["conditions"] = .array(conditions)
            object["status"] = status
        }
    }
}
