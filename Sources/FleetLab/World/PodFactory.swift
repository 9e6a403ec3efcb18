import FleetModel

/// Makes pods from the templates of their owners.
struct PodFactory: Sendable {
    let owner: JSON
    let template: JSON

    init(owner: JSON, template: JSON? = nil) {
        self.owner = owner
        self.template = template ?? owner[path: ["spec", "template"]] ?? [:]
    }

    /// A pod that the API server gives a name of its own.
    func pod(labels: [String: String] = [:]) -> JSON {
        var pod = make(labels)
        pod[path: ["metadata", "generateName"]] = .string("\(owner.name)-")
        return pod
    }

    /// A pod whose name its owner chooses.
    func pod(named name: String, labels: [String: String]) -> JSON {
        var pod = make(labels)
        pod[path: ["metadata", "name"]] = .string(name)
        pod[path: ["spec", "hostname"]] = .string(name)
        return pod
    }

    private func make(_ labels: [String: String]) -> JSON {
        var metadata: JSON = [
            "namespace": .string(owner.namespace),
            "labels": JSON(template.labels.merging(labels) { $1 }),
            "ownerReferences": [Manifest.reference(to: owner)],
        ]
        if !template.annotations.isEmpty { metadata["annotations"] = JSON(template.annotations) }
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": template["spec"] ?? [:],
        ]
    }

    /// A short name for a template; equal templates have equal ones.
    static func hash(_ template: JSON) -> String {
        Chance.letters(9, of: template.description)
    }
}
