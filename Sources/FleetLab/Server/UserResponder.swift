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
        let isServed = isThere && !ready.isEmpty && !ready.contains(where: isFailing)
        return isServed ? served : unhealthy
    }

    /// Whether the pod behind an address answers with errors, ready as it is.
    private func isFailing(_ address: JSON) -> Bool {
        let reference = address["targetRef"]
        let key = ObjectKey(
            "pods", namespace: reference?["namespace"]?.string ?? "",
            name: reference?["name"]?.string ?? "")
        guard let pod = store.get(key) else { return false }
        return store.failingBackends.contains { fault in
            guard case .requestsFail(let owner) = fault.fault else { return false }
            return fault.meets(pod, of: owner)
        }
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
