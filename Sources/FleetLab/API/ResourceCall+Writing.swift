import FleetModel

extension ResourceCall {
    func create() throws(StatusError) -> APIResponse {
        if let review = try AccessReview.respond(to: self) { return review }
        var object = VersionConversion.stored(try body(), as: type, from: path.version)
        guard object.resourceVersion.isEmpty else {
            // Without a reason, as the real server answers an error it didn't foresee.
            throw StatusError(
                code: 500, reason: "",
                message: "resourceVersion should not be set on objects to be created")
        }
        // A status is written by whoever fulfils the object, never by who asks for it.
        if type.hasStatus { object["status"] = nil }
        object.metadata["managedFields"] = nil
        let writer = writer("Update", at: store.clock.now)
        ManagedFields.record(writer, from: [:], in: &object, as: type)
        let created = try store.create(type.id, object, dryRun: isDryRun)
        return try shown(created, code: 201, hasMutated: true)
    }

    func update() throws(StatusError) -> APIResponse {
        let object = try body()
        guard object.name == key.name else {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL"
                    + " (\(key.name))")
        }
        try checkPreconditions(of: object)
        return try change { draft throws(StatusError) in
            var replacement = object
            replacement.metadata["managedFields"] = draft.metadata["managedFields"]
            draft = replacement
        }
    }

    func patch() throws(StatusError) -> APIResponse {
        switch request.mediaType {
        case "application/json-patch+json":
            let patch = try JSONPatch(patchDocument())
            return try change { draft throws(StatusError) in draft = try patch.applied(to: draft) }
        case "application/merge-patch+json":
            let patch = try patchDocument()
            return try change { $0 = MergePatch.applied(patch, to: $0) }
        case "application/strategic-merge-patch+json" where !type.isCustom:
            let patch = try patchDocument()
            return try change { draft throws(StatusError) in
                draft = try StrategicMergePatch.applied(patch, to: draft, as: type)
            }
        case "application/apply-patch+yaml": return try apply()
        default: throw .unsupportedMediaType(accepted: acceptedPatches)
        }
    }

    private var acceptedPatches: [String] {
        var types = ["application/json-patch+json", "application/merge-patch+json"]
        if !type.isCustom { types.append("application/strategic-merge-patch+json") }
        return types + ["application/apply-patch+yaml"]
    }

    /// Changes the object in the version the client speaks, and notes who did it.
    private func change(
        _ edit: (inout JSON) throws(StatusError) -> Void
    ) throws(StatusError) -> APIResponse {
        if path.subresource == "status", !type.hasStatus { throw .unknownResource }
        var before = JSON.null
        let written = try store.update(key, status: path.subresource == "status", dryRun: isDryRun)
        { draft throws(StatusError) in
            before = draft
            var shown = VersionConversion.presented(draft, as: type, in: path.version)
            try edit(&shown)
            try checkIdentity(of: shown)
            var after = VersionConversion.stored(shown, as: type, from: path.version)
            try UpdateRules.check(from: before, to: after, as: type, path.subresource)
            let writer = writer("Update", at: store.clock.now)
            ManagedFields.record(writer, from: before, in: &after, as: type)
            draft = after
        }
        return try shown(written, hasMutated: written.resourceVersion != before.resourceVersion)
    }

    private func checkIdentity(of object: JSON) throws(StatusError) {
        guard object.name == key.name, object.namespace == key.namespace else {
            throw .badRequest("the name or namespace of an object can't be changed")
        }
    }

    private func checkPreconditions(of object: JSON) throws(StatusError) {
        let current = try stored()
        if !object.uid.isEmpty, object.uid != current.uid {
            throw .conflict(
                type.id, key.name,
                "Precondition failed: UID in precondition: \(object.uid), UID in object meta:"
                    + " \(current.uid)")
        }
        // Kinds whose writers must say what they have seen.
        guard type.isCustom || type.id == "leases.coordination.k8s.io",
            object.resourceVersion.isEmpty
        else { return }
        let problem = FieldProblem(
            .invalid, "metadata.resourceVersion", value: 0, "must be specified for an update")
        throw .invalid(type, key.name, [problem])
    }

    private func apply() throws(StatusError) -> APIResponse {
        guard request.query["fieldManager"] ?? "" != "" else {
            throw .badRequest(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                    + " required for apply patch")
        }
        var configuration = try body()
        guard configuration.metadata["managedFields"] == nil else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let application = ServerSideApply(
            type: type, writer: writer("Apply", at: store.clock.now),
            isForced: request.query.isSet("force"))
        configuration = VersionConversion.stored(configuration, as: type, from: path.version)
        guard store.get(key) != nil else { return try createApplied(configuration, application) }
        var before = JSON.null
        let written = try store.update(key, status: path.subresource == "status", dryRun: isDryRun)
        { draft throws(StatusError) in
            before = draft
            draft = try application.applied(configuration, to: draft)
            try UpdateRules.check(from: before, to: draft, as: type, path.subresource)
        }
        return try shown(written, hasMutated: written.resourceVersion != before.resourceVersion)
    }

    private func createApplied(
        _ configuration: JSON, _ application: ServerSideApply
    ) throws(StatusError) -> APIResponse {
        guard path.subresource == nil else { throw .notFound(type.id, key.name) }
        var object = configuration
        if type.hasStatus { object["status"] = nil }
        object = try application.applied(object, to: [:])
        let created = try store.create(type.id, object, dryRun: isDryRun)
        return try shown(created, code: 201, hasMutated: true)
    }
}
