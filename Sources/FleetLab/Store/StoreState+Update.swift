import FleetModel

extension StoreState {
    /// Puts a changed draft in the place of the object it was made from.
    ///
    /// - Returns: `nil` when the object has moved on since and the draft must be made anew.
    mutating func replace(
        _ key: ObjectKey, _ current: JSON, with draft: JSON, as type: ResourceType, status: Bool,
        dryRun: Bool
    ) throws(StatusError) -> JSON? {
        guard let stored = self[key] else { throw .notFound(type.id, key.name) }
        guard stored.resourceVersion == current.resourceVersion else { return nil }
        let wanted = draft.resourceVersion
        guard wanted.isEmpty || wanted == stored.resourceVersion else {
            throw .conflict(type.id, key.name)
        }
        var object = Self.merged(stored, draft, as: type, status: status)
        if type.id == "services", !status { allocateAddresses(&object) }
        guard object != stored else { return stored }
        if type.hasGeneration, Self.desiredState(object, type) != Self.desiredState(stored, type) {
            object.metadata["generation"] = .int(Int64(stored.generation + 1))
        }
        return dryRun ? object : settle(object, at: key, as: type)
    }

    /// Stores the object, unless this change was the last thing it waited for to go.
    private mutating func settle(_ object: JSON, at key: ObjectKey, as type: ResourceType) -> JSON {
        let written = write(object, at: key)
        guard written.isTerminating, isFree(written, type) else { return written }
        return erase(key) ?? written
    }

    /// Whether nothing keeps a terminating object any longer.
    func isFree(_ object: JSON, _ type: ResourceType) -> Bool {
        guard object.finalizers.isEmpty else { return false }
        switch type.id {
        case "pods": return object["metadata"]?["deletionGracePeriodSeconds"]?.int ?? 0 == 0
        case "namespaces": return (object["spec"]?["finalizers"]?.array ?? []).isEmpty
        default: return true
        }
    }

    /// The draft with everything that its writer may not change taken from the stored object.
    private static func merged(
        _ stored: JSON, _ draft: JSON, as type: ResourceType, status: Bool
    ) -> JSON {
        guard !status else {
            var object = stored
            object["status"] = draft["status"]
            return object
        }
        var object = draft
        object["apiVersion"] = stored["apiVersion"]
        object["kind"] = stored["kind"]
        if type.hasStatus { object["status"] = stored["status"] }
        for field in guardedMetadata { object.metadata[field] = stored.metadata[field] }
        object.dropEmptyMetadata()
        return object
    }

    private static let guardedMetadata = [
        "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation",
        "deletionTimestamp", "deletionGracePeriodSeconds", "generateName", "selfLink",
    ]

    /// What the generation counts: all but metadata, and all but a status of its own.
    private static func desiredState(_ object: JSON, _ type: ResourceType) -> JSON {
        var desired = object
        desired["metadata"] = nil
        if type.hasStatus { desired["status"] = nil }
        return desired
    }
}
