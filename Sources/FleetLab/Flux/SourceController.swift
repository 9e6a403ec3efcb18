import FleetModel

/// Flux's source-controller: fetches what a GitRepository or another source names.
struct SourceController: Controller {
    let watches = Set(FluxKinds.sources.values)

    /// A registry that is only asked when a chart is made of it: it has no status at all.
    static func fetchesNothing(_ source: JSON) -> Bool {
        source["kind"] == "HelmRepository" && source[path: ["spec", "type"]] == "oci"
    }

    func reconcile(_ scene: inout Scene) {
        for resource in watches.sorted() {
            for source in scene.list(resource)
            where !source.isTerminating && !Self.fetchesNothing(source) {
                let request = FluxRequest(source)
                guard
                    source.count("status", "observedGeneration") != source.generation
                        || request.isOpen
                else { continue }
                let question = "\(source.uid)/\(source.generation)/\(request.token ?? "")"
                guard scene.waits.isOver(question, after: scene.pace.observation) else { continue }
                fetch(source, of: resource, request, &scene)
            }
        }
    }

    private func fetch(
        _ source: JSON, of resource: String, _ request: FluxRequest, _ scene: inout Scene
    ) {
        let content = EnvironmentRepository.content(of: source, in: scene.store)
        let reference = source[path: ["spec", "ref", "tag"]]?.string ?? "main"
        let commit = Chance.letters(
            12, of: "\(source.name)/\(content?["values.yaml"]?.string ?? reference)")
        let revision = "\(reference)@sha1:\(commit)"
        let now = scene.now
        let key = ObjectKey(resource, namespace: source.namespace, name: source.name)
        scene.update(key, status: true) { object in
            var status = object["status"] ?? [:]
            status["observedGeneration"] = .int(Int64(source.generation))
            status["artifact"] = [
                "revision": .string(revision), "lastUpdateTime": .string(now.timestamp),
            ]
            // The lab has no archive to serve: what was fetched is kept here.
            status[path: ["artifact", "content"]] = content
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
