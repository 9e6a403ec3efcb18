import HTTPTypes
import Hummingbird

/// Sends every request to the cluster, or the part of the lab, that it is for.
struct LabResponder: HTTPResponder {
    let clusters: [String: ClusterResponder]
    let control: ControlResponder

    func respond(to request: Request, context: LabRequestContext) async throws -> Response {
        let place = RequestTarget(request.head.path ?? "/", host: request.head.authority ?? "")
        switch place {
        case .lab(let target): return try await control.respond(to: request, target: target)
        case .cluster(let name, let target):
            guard let cluster = clusters[name] else { break }
            return try await cluster.respond(to: request, target: target, context: context)
        case .nowhere: break
        }
        return Response(APIServer.noPage)
    }
}
