import FleetModel

/// The templates a StatefulSet or DaemonSet has had, kept as ControllerRevisions.
struct TemplateHistory {
    static let label = "controller-revision-hash"
    private static let resource = "controllerrevisions.apps"

    let owner: JSON

    /// The name of the current template, `web-6bcd9f`.
    var current: String { "\(owner.name)-\(PodFactory.hash(template))" }

    private var template: JSON { owner[path: ["spec", "template"]] ?? [:] }

    /// Keeps the current template, if it is new.
    func record(_ scene: inout Scene) {
        let key = ObjectKey(Self.resource, namespace: owner.namespace, name: current)
        guard scene.store.get(key) == nil else { return }
        let number =
            scene.list(Self.resource).filter { $0.ownerIDs.contains(owner.uid) }
            .map { $0.count("revision") }.max() ?? 0
        var revision = Manifest.make(
            "apps/v1", "ControllerRevision", current, in: owner.namespace,
            labels: template.labels.merging([Self.label: current]) { $1 },
            [
                "revision": .int(Int64(number + 1)),
                "data": ["spec": ["template": template]],
            ])
        revision[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: owner)]
        scene.create(Self.resource, revision)
    }

    /// A template by its name; the current one when that is forgotten.
    func template(named name: String, _ scene: Scene) -> JSON {
        guard name != current, !name.isEmpty else { return template }
        let key = ObjectKey(Self.resource, namespace: owner.namespace, name: name)
        return scene.store.get(key)?[path: ["data", "spec", "template"]] ?? template
    }
}
