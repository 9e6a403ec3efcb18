import FleetModel

/// One cluster's API server: answers requests from what a store has.
struct APIServer: Sendable {
    let store: ClusterStore

    /// The largest body that is read: what etcd takes by default, as in kube-apiserver.
    static let bodyLimit = 3 * 1024 * 1024

    func respond(to request: APIRequest) -> APIResponse {
        do {
            return try route(request)
        } catch {
            return APIResponse(error)
        }
    }

    private func route(_ request: APIRequest) throws(StatusError) -> APIResponse {
        let segments = request.segments
        switch segments.first {
        case "api", "apis":
            guard let path = ResourcePath(segments) else {
                return Discovery(store: store).respond(to: request)
            }
            return try resource(path, request)
        case "version": return APIResponse(ServerVersion.document)
        case "openapi" where segments == ["openapi", "v2"]:
            return OpenAPIDocument(types: store.types).respond(to: request)
        case "healthz", "livez", "readyz": return APIResponse(text: "ok")
        case nil: return Discovery(store: store).paths
        default: return Self.noPage
        }
    }

    /// What kube-apiserver answers for a path that nobody serves.
    static let noPage = APIResponse(text: "404 page not found\n", code: 404)

    private func resource(
        _ path: ResourcePath, _ request: APIRequest
    ) throws(StatusError) -> APIResponse {
        guard let type = store.type(path.id), type.servedVersions.contains(path.version),
            type.isNamespaced || path.namespace.isEmpty
        else { return Self.noPage }
        let call = ResourceCall(
            store: store, type: type, path: path, request: request,
            isDryRun: try request.isDryRun())
        return try call.respond()
    }
}
