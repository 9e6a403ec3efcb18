import FleetModel

/// What an API server adds to an object that its writer left out.
enum ObjectDefaults {
    /// The object under the name of its kind, with a namespace only if its kind has one.
    static func identified(_ object: JSON, as type: ResourceType) -> JSON {
        var draft = object
        draft["apiVersion"] = .string(type.apiVersion)
        draft["kind"] = .string(type.kind)
        if !type.isNamespaced { draft.metadata["namespace"] = nil }
        return draft
    }

    /// Fills in the defaults of the object's kind.
    static func fill(_ object: inout JSON, as type: ResourceType) {
        switch type.id {
        case "namespaces": fillNamespace(&object)
        case "pods": PodDefaults.fill(&object)
        case "services": ServiceDefaults.fill(&object)
        case "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps",
            "replicationcontrollers", "jobs.batch", "cronjobs.batch":
            WorkloadDefaults.fill(&object, as: type)
        default: RegistrationDefaults.fill(&object, as: type)
        }
    }

    private static func fillNamespace(_ namespace: inout JSON) {
        var labels = namespace.labels
        labels["kubernetes.io/metadata.name"] = namespace.name
        namespace.metadata["labels"] = JSON(labels)
        if namespace["spec"]?["finalizers"] == nil, !namespace.isTerminating {
            namespace[path: ["spec", "finalizers"]] = ["kubernetes"]
        }
        if namespace["status"]?["phase"] == nil { namespace[path: ["status", "phase"]] = "Active" }
    }
}

extension JSON {
    /// Sets a member unless it is there already.
    mutating func setDefault(_ key: String, _ value: JSON) {
        if self[key] == nil || self[key] == .null { self[key] = value }
    }

    /// Edits a member if it is there.
    mutating func edit(_ key: String, _ change: (inout JSON) -> Void) {
        guard var value = self[key] else { return }
        change(&value)
        self[key] = value
    }

    /// Edits every item of a list if it is there.
    mutating func editEach(_ key: String, _ change: (inout JSON) -> Void) {
        guard var items = self[key]?.array else { return }
        for index in items.indices { change(&items[index]) }
        self[key] = .array(items)
    }
}
