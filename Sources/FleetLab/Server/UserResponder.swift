import FleetModel
import Hummingbird

/// Answers as a cluster's gateway would who is asked for a Service by its users.
///
/// They come in past the API server: nothing that befalls it keeps them out.
struct UserResponder: Sendable {
    let store: ClusterStore

    func respond(namespace: String, _ service: String) -> Response {
        let isThere = store.get(ObjectKey("services", namespace: namespace, name: service)) != nil
        let endpoints = store.get(ObjectKey("endpoints", namespace: namespace, name: service))
        let ready = (endpoints?["subsets"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }
        return isThere && !ready.isEmpty ? served : unhealthy
    }

    private var served: Response {
        Response(status: .ok, body: text("ok\n"))
    }

    private var unhealthy: Response {
        Response(status: .serviceUnavailable, body: text("no healthy upstream\n"))
    }

    private func text(_ text: String) -> ResponseBody {
        ResponseBody(byteBuffer: ByteBuffer(string: text))
    }
}
