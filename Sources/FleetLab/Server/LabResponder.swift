import HTTPTypes
import Hummingbird

/// Sends every request to the cluster, or the part of the lab, that it is for.
struct LabResponder: HTTPResponder {
    let clusters: [String: ClusterResponder]
    let control: ControlResponder

    func respond(to request: Request, context: LabRequestContext) async throws -> Response {
        let target = request.head.path ?? "/"
        if target.hasPrefix("/lab/v1/") {
            return try await control.respond(to: request, target: target.dropFirst("/lab/v1".count))
        }
        guard let (name, rest) = Self.cluster(in: target), let cluster = clusters[name] else {
            return Response(APIServer.noPage)
        }
        return try await cluster.respond(to: request, target: rest, context: context)
    }

    /// The cluster's name in `/clusters/NAME/…`, and what follows it.
    private static func cluster(in target: String) -> (name: String, rest: String)? {
        let prefix = "/clusters/"
        guard target.hasPrefix(prefix) else { return nil }
        let below = target.dropFirst(prefix.count)
        let name = below.prefix { $0 != "/" && $0 != "?" }
        return (String(name), String(below.dropFirst(name.count)))
    }
}
