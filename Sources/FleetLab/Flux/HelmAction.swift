import FleetModel

/// One install or upgrade on its way.
struct HelmAction: Sendable {
    enum Verb: String, Sendable { case install, upgrade }

    let verb: Verb
    /// The generation it was begun for, and the token of who asked for it.
    let generation: Int
    let token: String?
    let digest: String
    let values: HelmValues
    let chartVersion: String
    /// How often this has been tried before, which makes each try wait for itself.
    let attempt: Int
    /// Whether its objects have been made.
    var isApplied = false

    /// Whether the release has moved on since.
    func isOutdated(_ release: FluxRelease) -> Bool {
        generation != release.object.generation || token != release.request.token
    }

    /// What Helm says of the first object that somebody else has made; `nil` when there is none.
    func refusal(_ release: FluxRelease, _ store: ClusterStore) -> String? {
        for (key, _) in objects(release, store) {
            guard let object = store.get(key), !HelmMerge.isOwned(object, by: release) else {
                continue
            }
            let kind = object["kind"]?.string ?? ""
            return "Unable to continue with \(verb.rawValue): \(kind) \(key.name.jsonQuoted) in "
                + "namespace \(key.namespace.jsonQuoted) exists and cannot be imported into the "
                + "current release: invalid ownership metadata; label validation error: missing "
                + "key \"app.kubernetes.io/managed-by\": must be set to \"Helm\""
        }
        return nil
    }

    /// Makes and changes the objects, and takes away those that are no longer rendered.
    ///
    /// - Returns: whether everything is there.
    func apply(_ release: FluxRelease, _ scene: inout Scene) -> Bool {
        let former = HelmStorage(release: release).inventory(scene.store)
        let known = Dictionary(former.map { ($0.key, $0.digest) }) { first, _ in first }
        let wanted = objects(release, scene.store)
        for (key, manifest) in wanted {
            place(manifest, at: key, former: known[key], of: release, &scene)
        }
        let kept = Set(wanted.map(\.key))
        for (key, _) in former.reversed() where !kept.contains(key) {
            HelmAction.remove(key, &scene)
        }
        return wanted.allSatisfy { scene.store.get($0.key) != nil }
    }

    /// Helm compares with its last manifest: what it has made and not changed since stays
    /// as somebody else may have edited it.
    private func place(
        _ manifest: JSON, at key: ObjectKey, former: String?, of release: FluxRelease,
        _ scene: inout Scene
    ) {
        guard let object = scene.store.get(key) else {
            scene.create(key.resource, HelmMerge.marked(manifest, release))
            return
        }
        guard former != Self.digest(of: manifest), !object.isTerminating else { return }
        scene.update(key) { HelmMerge.apply(manifest, of: release, to: &$0) }
    }

    func objects(
        _ release: FluxRelease, _ store: ClusterStore
    ) -> [(key: ObjectKey, manifest: JSON)] {
        release.chart.objects(release, values, version: chartVersion).compactMap { manifest in
            ObjectKey(of: manifest, in: store).map { ($0, manifest) }
        }
    }

    func inventory(
        _ release: FluxRelease, _ store: ClusterStore
    ) -> [(key: ObjectKey, digest: String)] {
        objects(release, store).map { ($0.key, Self.digest(of: $0.manifest)) }
    }

    /// What Helm waits for: Deployments with all their pods, and load balancers with an
    /// address. It knows nothing of custom resources.
    func pending(_ release: FluxRelease, _ store: ClusterStore) -> String? {
        for (key, _) in objects(release, store) {
            guard let object = store.get(key) else { return "\(key.resource)/\(key.name)" }
            let isReady =
                switch key.resource {
                case "deployments.apps": Self.isRolledOut(object)
                case "services": Self.isAddressed(object)
                default: true
                }
            guard isReady else {
                return "\(object["kind"]?.string ?? "")/\(key.namespace)/\(key.name)"
            }
        }
        return nil
    }

    private static func isRolledOut(_ deployment: JSON) -> Bool {
        let wanted = deployment.count("spec", "replicas")
        return deployment.count("status", "observedGeneration") >= deployment.generation
            && deployment.count("status", "updatedReplicas") >= wanted
            && deployment.count("status", "availableReplicas") >= wanted
    }

    private static func isAddressed(_ service: JSON) -> Bool {
        service[path: ["spec", "type"]]?.string != "LoadBalancer"
            || service[path: ["status", "loadBalancer", "ingress"]]?.array?.isEmpty == false
    }

    /// Deletes an object, unless its chart wants it kept.
    static func remove(_ key: ObjectKey, _ scene: inout Scene) {
        guard let object = scene.store.get(key), !object.isTerminating,
            object.annotations["helm.sh/resource-policy"] != "keep"
        else { return }
        scene.delete(key)
    }

    static func digest(of document: JSON) -> String {
        "sha256:" + SHA256.hexadecimal(Array(document.description.utf8))
    }
}
