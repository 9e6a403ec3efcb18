import FleetModel

/// The number of replicas of an object, as a document of its own (autoscaling/v1 Scale).
struct ScaleSubresource {
    let call: ResourceCall

    func respond() throws(StatusError) -> APIResponse {
        switch call.request.method {
        case "GET": return APIResponse(Self.scale(of: try call.stored()))
        case "PUT":
            let wanted = try call.request.document()
            return try change { _ in wanted }
        case "PATCH":
            let edit = try patch()
            return try change(edit)
        default: throw .methodNotAllowed
        }
    }

    private func patch() throws(StatusError) -> (JSON) throws(StatusError) -> JSON {
        let document = try call.patchDocument()
        switch call.request.mediaType {
        case "application/json-patch+json":
            let patch = try JSONPatch(document)
            return { scale throws(StatusError) in try patch.applied(to: scale) }
        case "application/merge-patch+json", "application/strategic-merge-patch+json":
            return { MergePatch.applied(document, to: $0) }
        default:
            throw .unsupportedMediaType(accepted: ["application/merge-patch+json"])
        }
    }

    private func change(
        _ edit: (JSON) throws(StatusError) -> JSON
    ) throws(StatusError) -> APIResponse {
        var before = JSON.null
        let written = try call.store.update(call.key, dryRun: call.isDryRun) {
            draft throws(StatusError) in
            before = draft
            let wanted = try edit(Self.scale(of: draft))
            if !wanted.resourceVersion.isEmpty, wanted.resourceVersion != draft.resourceVersion {
                throw .conflict(call.type.id, call.key.name)
            }
            draft[path: ["spec", "replicas"]] = wanted["spec"]?["replicas"] ?? 0
            let writer = call.writer("Update", at: call.store.clock.now)
            ManagedFields.record(writer, from: before, in: &draft, as: call.type)
        }
        return APIResponse(
            Self.scale(of: written),
            effect: APIResponse.Effect(
                key: call.key,
                hasMutated: !call.isDryRun && written.resourceVersion != before.resourceVersion))
    }

    private static func scale(of object: JSON) -> JSON {
        var metadata = JSON.object([:])
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object.metadata[field]
        }
        let labels = object["spec"]?["selector"]?["matchLabels"]?.strings ?? [:]
        let selector = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": ["replicas": object["spec"]?["replicas"] ?? 0],
            "status": [
                "replicas": object["status"]?["replicas"] ?? 0,
                "selector": .string(selector.joined(separator: ",")),
            ],
        ]
    }
}
