import FleetModel

/// The sail operator, in clusters that serve its kinds (sail-operator, `controllers/`).
///
/// A tag follows the Istio resource as soon as that names another revision, ready or not; a
/// revision that nothing refers to is deleted after its grace period.
struct SailController: Controller {
    let watches: Set<String> = [
        SailKinds.istios, SailKinds.revisions, SailKinds.tags, "deployments.apps", "pods",
        "namespaces",
    ]

    func reconcile(_ scene: inout Scene) {
        for istio in scene.list(SailKinds.istios) where !istio.isTerminating {
            if scene.hasNoticed(istio) { lead(istio, &scene) }
        }
        for revision in scene.list(SailKinds.revisions) where !revision.isTerminating {
            install(SailRevision(object: revision, cluster: scene.store.cluster), &scene)
        }
        for tag in scene.list(SailKinds.tags) where !tag.isTerminating {
            if scene.hasNoticed(tag) { point(tag, &scene) }
        }
    }

    // MARK: - Istio

    private func lead(_ istio: JSON, _ scene: inout Scene) {
        let active = Self.activeRevision(of: istio)
        let version = istio[path: ["spec", "version"]] ?? ""
        if let revision = scene.store.get(Self.key(active)) {
            if revision[path: ["spec", "version"]] != version {
                scene.update(Self.key(active)) { $0[path: ["spec", "version"]] = version }
            }
        } else {
            scene.create(SailKinds.revisions, revision(active, of: istio, version))
        }
        prune(istio, but: active, &scene)
        report(istio, active, &scene)
    }

    /// The name of the resource, with the version when it is updated by revisions.
    static func activeRevision(of istio: JSON) -> String {
        guard istio[path: ["spec", "updateStrategy", "type"]]?.string == "RevisionBased" else {
            return istio.name
        }
        let version = istio[path: ["spec", "version"]]?.string ?? ""
        return istio.name + "-" + version.map { $0 == "." ? "-" : String($0) }.joined()
    }

    private static func key(_ revision: String) -> ObjectKey {
        ObjectKey(SailKinds.revisions, name: revision)
    }

    private func revision(_ name: String, of istio: JSON, _ version: JSON) -> JSON {
        var values = istio[path: ["spec", "values"]] ?? [:]
        values["revision"] = .string(name)
        var revision = SailRevision.manifest(name, version: version.string ?? "", values)
        revision[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: istio)]
        return revision
    }

    private func prune(_ istio: JSON, but active: String, _ scene: inout Scene) {
        let path = ["spec", "updateStrategy", "inactiveRevisionDeletionGracePeriodSeconds"]
        let grace = Int64(max(30, istio[path: path]?.int ?? 30)) * 1000
        for revision in scene.list(SailKinds.revisions)
        where revision.ownerIDs.contains(istio.uid) && revision.name != active {
            guard let use = Condition.find("InUse", in: revision), use["status"] == "False",
                let since = use["lastTransitionTime"]?.string.flatMap({ LabTime($0) })
            else { continue }
            let end = LabTime(milliseconds: since.milliseconds + grace)
            if scene.waits.isOver(end) { scene.delete(Self.key(revision.name)) }
        }
    }

    private func report(_ istio: JSON, _ active: String, _ scene: inout Scene) {
        let all = scene.list(SailKinds.revisions).filter { $0.ownerIDs.contains(istio.uid) }
        let count = { (condition: String) -> JSON in
            .int(Int64(all.filter { $0.hasCondition(condition) }.count))
        }
        let own = scene.store.get(Self.key(active))
        var status: JSON = [
            "observedGeneration": .int(Int64(istio.generation)),
            "activeRevisionName": .string(active),
            "state": own?[path: ["status", "state"]] ?? "IstiodNotReady",
            "revisions": [
                "total": .int(Int64(all.count)), "ready": count("Ready"), "inUse": count("InUse"),
            ],
        ]
        status["conditions"] = own?[path: ["status", "conditions"]].map { conditions in
            .array((conditions.array ?? []).filter { $0["type"] != "InUse" })
        }
        write(status, to: istio, SailKinds.istios, &scene)
    }

    // MARK: - Revisions

    private func install(_ revision: SailRevision, _ scene: inout Scene) {
        for object in revision.objects { apply(object, &scene) }
        let isReady = revision.isReady(scene.store)
        let isReferenced = revision.isReferenced(&scene)
        var conditions = revision.object[path: ["status", "conditions"]]?.array ?? []
        let all = [
            Condition("Reconciled", true, "Reconciled", ""),
            Condition(
                "Ready", isReady, isReady ? "Ready" : "IstiodNotReady",
                isReady ? "" : "not all istiod pods are ready"),
            Condition(
                "InUse", isReferenced,
                isReferenced ? "ReferencedByWorkloads" : "NotReferencedByAnything",
                isReferenced
                    ? "Referenced by at least one pod or namespace"
                    : "Not referenced by any pod or namespace"),
        ]
        for condition in all { condition.set(in: &conditions, now: scene.now) }
        let status: JSON = [
            "observedGeneration": .int(Int64(revision.object.generation)),
            "state": isReady ? "Healthy" : "IstiodNotReady", "conditions": .array(conditions),
        ]
        write(status, to: revision.object, SailKinds.revisions, &scene)
    }

    /// Creates what is missing, and brings an istiod to another image.
    private func apply(_ object: JSON, _ scene: inout Scene) {
        guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { return }
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        guard let stored = scene.store.get(key) else {
            scene.create(resource, object)
            return
        }
        guard resource == "deployments.apps", Self.image(of: stored) != Self.image(of: object)
        else { return }
        scene.update(key) {
            $0[path: ["spec", "template"]] = object[path: ["spec", "template"]]
        }
    }

    private static func image(of deployment: JSON) -> String? {
        deployment[path: ["spec", "template", "spec", "containers"]]?.array?.first?["image"]?
            .string
    }

    // MARK: - Tags

    private func point(_ tag: JSON, _ scene: inout Scene) {
        let reference = tag[path: ["spec", "targetRef"]] ?? [:]
        let name = reference["name"]?.string ?? ""
        let isIstio = reference["kind"]?.string == "Istio"
        let istio = isIstio ? scene.store.get(ObjectKey(SailKinds.istios, name: name)) : nil
        let target = isIstio ? istio?[path: ["status", "activeRevisionName"]]?.string : name
        var status: JSON = ["observedGeneration": .int(Int64(tag.generation))]
        guard let target, let object = scene.store.get(Self.key(target)) else {
            status["state"] = "ReferenceNotFound"
            return write(status, to: tag, SailKinds.tags, &scene)
        }
        let plane = SailRevision(object: object, cluster: scene.store.cluster).plane
        lead(plane.tag(tag.name), of: tag, &scene)
        if tag.name == IstioRevision.unrevisioned {
            lead(plane.defaultValidator, of: tag, &scene)
        }
        status["state"] = "Healthy"
        status["istioRevision"] = .string(target)
        status["istiodNamespace"] = .string(IstioRevision.space)
        write(status, to: tag, SailKinds.tags, &scene)
    }

    /// Like Helm's upgrade of the tag's chart: it keeps the certificates that are there.
    private func lead(_ wanted: JSON, of tag: JSON, _ scene: inout Scene) {
        var wanted = wanted
        wanted[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: tag)]
        guard let resource = OwnedKinds.resource(of: wanted["kind"]?.string) else { return }
        let key = ObjectKey(resource, name: wanted.name)
        guard let stored = scene.store.get(key) else {
            scene.create(resource, wanted)
            return
        }
        guard stored.labels["istio.io/rev"] != wanted.labels["istio.io/rev"] else { return }
        scene.update(key) { draft in
            draft[path: ["metadata", "labels"]] = JSON(
                stored.labels.merging(wanted.labels) { $1 })
            var hooks = wanted["webhooks"]?.array ?? []
            for (index, old) in (stored["webhooks"]?.array ?? []).enumerated()
            where hooks.indices.contains(index) {
                hooks[index][path: ["clientConfig", "caBundle"]] =
                    old[
                        path: ["clientConfig", "caBundle"]]
            }
            draft["webhooks"] = .array(hooks)
        }
    }

    private func write(
        _ status: JSON, to object: JSON, _ resource: String, _ scene: inout Scene
    ) {
        guard status != object["status"] else { return }
        scene.update(ObjectKey(resource, name: object.name), status: true) {
            $0["status"] = status
        }
    }
}
