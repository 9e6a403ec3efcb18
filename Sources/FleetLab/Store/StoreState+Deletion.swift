import FleetModel

extension StoreState {
    /// What became of an object that was asked to go.
    struct Deletion {
        /// The object as it is now, or last was.
        var object: JSON
        var isGone: Bool
    }

    static let foregroundFinalizer = "foregroundDeletion"

    mutating func delete(
        _ key: ObjectKey, _ options: DeleteOptions, dryRun: Bool = false
    ) throws(StatusError) -> Deletion {
        guard let object = self[key] else { throw .notFound(key.resource, key.name) }
        try Self.check(options, against: object, at: key)
        if dryRun { return Deletion(object: object, isGone: true) }
        if options.propagation == .orphan { orphanDependents(of: object) }
        let grace = Self.grace(for: object, key, options)
        let finalizers = self.finalizers(for: object, key, options)
        guard grace > 0 || !finalizers.isEmpty || Self.waitsForContents(key) else {
            return Deletion(object: erase(key) ?? object, isGone: true)
        }
        markTerminating(object, at: key, grace: grace, finalizers: finalizers)
        deleteContents(of: key)
        if options.propagation == .foreground { deleteDependents(of: object) }
        return Deletion(object: self[key] ?? object, isGone: self[key] == nil)
    }

    /// Takes an object out whatever holds it, and everything that goes with it.
    @discardableResult
    mutating func erase(_ key: ObjectKey) -> JSON? {
        guard let object = takeOut(key) else { return nil }
        if key.resource == "customresourcedefinitions.apiextensions.k8s.io" {
            types.unregister(object.name)
        }
        collectDependents(of: object)
        releaseForegroundOwners(of: object)
        releaseNamespace(key.namespace)
        releaseDefinition(of: key.resource)
        return object
    }

    private static func check(
        _ options: DeleteOptions, against object: JSON, at key: ObjectKey
    ) throws(StatusError) {
        if let uid = options.uid, uid != object.uid {
            throw .conflict(
                key.resource, key.name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta:"
                    + " \(object.uid)")
        }
        if let version = options.resourceVersion, version != object.resourceVersion {
            throw .conflict(
                key.resource, key.name,
                "Precondition failed: ResourceVersion in precondition: \(version),"
                    + " ResourceVersion in object meta: \(object.resourceVersion)")
        }
    }

    /// Seconds to go on living. Only pods on a node have any; the kubelet ends them.
    private static func grace(for pod: JSON, _ key: ObjectKey, _ options: DeleteOptions) -> Int {
        guard key.resource == "pods" else { return 0 }
        let phase = pod["status"]?["phase"]?.string
        guard pod["spec"]?["nodeName"]?.string ?? "" != "", phase != "Succeeded",
            phase != "Failed"
        else { return 0 }
        return max(
            0,
            options.gracePeriodSeconds ?? pod["spec"]?["terminationGracePeriodSeconds"]?.int ?? 30)
    }

    private func finalizers(
        for object: JSON, _ key: ObjectKey, _ options: DeleteOptions
    ) -> [String] {
        var finalizers = object.finalizers
        let waits = options.propagation == .foreground && dependents[object.uid] != nil
        if waits, !finalizers.contains(Self.foregroundFinalizer) {
            finalizers.append(Self.foregroundFinalizer)
        }
        return finalizers
    }

    /// Whether an object goes only after everything inside it.
    private static func waitsForContents(_ key: ObjectKey) -> Bool {
        key.resource == "namespaces"
            || key.resource == "customresourcedefinitions.apiextensions.k8s.io"
    }

    private mutating func markTerminating(
        _ object: JSON, at key: ObjectKey, grace: Int, finalizers: [String]
    ) {
        var marked = object
        let deadline = (now + grace).timestamp
        let before = object["metadata"]?["deletionTimestamp"]?.string
        // A second deletion can only hurry the first.
        marked.metadata["deletionTimestamp"] = .string(before.map { min($0, deadline) } ?? deadline)
        let oldGrace = object["metadata"]?["deletionGracePeriodSeconds"]?.int ?? grace
        marked.metadata["deletionGracePeriodSeconds"] = .int(Int64(min(oldGrace, grace)))
        marked.finalizers = finalizers
        if object["metadata"]?["generation"]?.int != nil, before == nil {
            marked.metadata["generation"] = .int(Int64(object.generation + 1))
        }
        if key.resource == "namespaces" { marked[path: ["status", "phase"]] = "Terminating" }
        if marked != object { write(marked, at: key) }
    }

    /// A namespace takes what is in it along, a definition the objects of its kind.
    private mutating func deleteContents(of key: ObjectKey) {
        switch key.resource {
        case "namespaces":
            deleteAll(keys(inNamespace: key.name))
            releaseNamespace(key.name)
        case "customresourcedefinitions.apiextensions.k8s.io":
            deleteAll(keys(key.name))
            releaseDefinition(of: key.name)
        default: break
        }
    }

    mutating func deleteAll(_ keys: [ObjectKey]) {
        for key in keys where self[key]?.isTerminating == false {
            // It was there a moment ago; that it went with its owner is as good.
            _ = try? delete(key, DeleteOptions())
        }
    }

    /// Lets a terminating definition go once the last object of its kind is gone.
    private mutating func releaseDefinition(of resource: String) {
        let key = ObjectKey("customresourcedefinitions.apiextensions.k8s.io", name: resource)
        guard let definition = self[key], definition.isTerminating,
            definition.finalizers.isEmpty, keys(resource).isEmpty
        else { return }
        erase(key)
    }
}
