import FleetModel

/// One request about one kind of object.
struct ResourceCall: Sendable {
    let store: ClusterStore
    let type: ResourceType
    let path: ResourcePath
    let request: APIRequest
    let isDryRun: Bool

    func respond() throws(StatusError) -> APIResponse {
        let verb = try verb()
        try AccessCheck.check(
            verb, type, path.subresource, namespace: path.namespace, name: path.name ?? "",
            in: store)
        if let subresource = path.subresource, subresource != "status" {
            return try respond(subresource)
        }
        switch verb {
        case "get": return try get()
        case "list": return try list()
        case "watch": return try watch()
        case "create": return try create()
        case "update": return try update()
        case "patch": return try patch()
        case "delete": return try delete()
        default: return try deleteCollection()
        }
    }

    /// What the request wants, as access rules and discovery call it.
    private func verb() throws(StatusError) -> String {
        let isWatch = path.isWatch || request.query.isSet("watch")
        let verb: String? =
            switch (request.method, path.name) {
            case ("GET", _) where isWatch: "watch"
            case ("GET", nil): "list"
            case ("GET", _): "get"
            case ("POST", nil): "create"
            case ("POST", _) where path.subresource != nil: "create"
            case ("PUT", .some): "update"
            case ("PATCH", .some): "patch"
            case ("DELETE", nil): "deletecollection"
            case ("DELETE", _): "delete"
            default: nil
            }
        guard let verb else { throw .methodNotAllowed }
        let isObjectVerb = path.subresource == nil
        guard !isObjectVerb || type.verbs.contains(verb) else { throw .methodNotAllowed }
        try checkNamespace(verb)
        return verb
    }

    /// A namespaced kind is listed across namespaces, but nothing else is done there.
    private func checkNamespace(_ verb: String) throws(StatusError) {
        guard type.isNamespaced, path.namespace.isEmpty else { return }
        switch verb {
        case "list", "watch": return
        case "create", "deletecollection": throw .methodNotAllowed
        default: throw .unknownResource
        }
    }

    var key: ObjectKey {
        ObjectKey(type.id, namespace: path.namespace, name: path.name ?? "")
    }

    func presenter() throws(StatusError) -> ObjectPresenter {
        ObjectPresenter(
            type: type, version: path.version, format: try ResponseFormat(accept: request.accept),
            includeObject: request.query["includeObject"] ?? "Metadata", now: store.clock.now)
    }

    func stored() throws(StatusError) -> JSON {
        guard let object = store.get(key) else { throw .notFound(type.id, key.name) }
        return object
    }

    /// An answer that shows an object after a write.
    func shown(
        _ object: JSON, code: Int = 200, hasMutated: Bool
    ) throws(StatusError) -> APIResponse {
        let key = ObjectKey(type.id, namespace: object.namespace, name: object.name)
        return APIResponse(
            code: code, try presenter().document(object),
            effect: APIResponse.Effect(key: key, hasMutated: hasMutated && !isDryRun))
    }

    func writer(_ operation: String, at time: LabTime) -> ManagedFields.Writer {
        ManagedFields.Writer(
            manager: request.fieldManager, operation: operation,
            apiVersion: type.apiVersion(of: path.version), time: time.timestamp,
            subresource: path.subresource ?? "")
    }
}
