import HTTPTypes
import Hummingbird

/// Sends every request to the cluster, or the part of the lab, that it is for.
struct LabResponder: HTTPResponder {
    let clusters: [String: ClusterResponder]
    let control: ControlResponder

    func respond(to request: Request, context: LabRequestContext) async throws -> Response {
        guard request.method != .connect else { return tunnelRefusal(context) }
        let place = RequestTarget(request.head.path ?? "/", host: request.head.authority ?? "")
        switch place {
        case .lab(let target): return try await control.respond(to: request, target: target)
        case .cluster(let name, let target):
            guard let cluster = clusters[name] else { break }
            return try await cluster.respond(to: request, target: target, context: context)
        case .users(let name, let namespace, let service):
            guard let cluster = clusters[name] else { break }
            return UserResponder(store: cluster.store).respond(namespace: namespace, service)
        case .nowhere: break
        }
        return Response(APIServer.noPage)
    }

    /// `kubectl exec` and `port-forward` ask a proxy for a tunnel. Nobody may go through, and
    /// the refusal says so in the API server's words. Of a proxy's answer kubectl shows nothing
    /// but the reason, and only a status that nobody has assigned may have one of its own.
    /// Since old clients don't look at the answer, the connection ends with it.
    private func tunnelRefusal(_ context: LabRequestContext) -> Response {
        let words =
            "Error from server (Forbidden): pods is forbidden: User \"\(AccessCheck.user)\" "
            + "cannot create resource \"pods/exec\" in API group \"\""
        return Response(
            status: HTTPResponse.Status(code: 463, reasonPhrase: words),
            body: ResponseBody(contentLength: 0) { writer in
                try await writer.finish(nil)
                await context.hangUp()
            })
    }
}
