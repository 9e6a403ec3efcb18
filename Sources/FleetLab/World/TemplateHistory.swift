import FleetModel

/// The templates a StatefulSet or DaemonSet has had, kept as ControllerRevisions.
struct TemplateHistory {
    static let label = "controller-revision-hash"
    private static let resource = "controllerrevisions.apps"

    let owner: JSON

    /// The name of the current template, `web-6bcd9f`.
    var current: String { "\(owner.name)-\(PodFactory.hash(template))" }

    /// Whether a DaemonSet's pod is of the current template.
    func isCurrent(_ pod: JSON) -> Bool {
        "\(owner.name)-\(pod.labels[Self.label] ?? "")" == current
    }

    private var template: JSON { owner[path: ["spec", "template"]] ?? [:] }

    /// Keeps the current template, if it is new. One that comes back is the latest again.
    func record(_ scene: inout Scene) {
        let key = ObjectKey(Self.resource, namespace: owner.namespace, name: current)
        let number =
            scene.list(Self.resource).filter { $0.ownerIDs.contains(owner.uid) }
            .map { $0.count("revision") }.max() ?? 0
        if let known = scene.store.get(key) {
            guard known.count("revision") < number else { return }
            scene.update(key) { $0["revision"] = .int(Int64(number + 1)) }
            return
        }
        var replacement = template
        replacement["$patch"] = "replace"
        var revision = Manifest.make(
            "apps/v1", "ControllerRevision", current, in: owner.namespace,
            labels: template.labels.merging([Self.label: current]) { $1 },
            [
                "revision": .int(Int64(number + 1)),
                "data": ["spec": ["template": replacement]],
            ])
        revision[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: owner)]
        scene.create(Self.resource, revision)
    }

    /// A template by its name; the current one when that is forgotten.
    func template(named name: String, _ scene: Scene) -> JSON {
        guard name != current, !name.isEmpty else { return template }
        let key = ObjectKey(Self.resource, namespace: owner.namespace, name: name)
        var known = scene.store.get(key)?[path: ["data", "spec", "template"]]
        known?["$patch"] = nil
        return known ?? template
    }
}
