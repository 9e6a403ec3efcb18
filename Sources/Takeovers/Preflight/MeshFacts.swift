import FleetModel

/// What the configuration of a mesh says, as far as another would be felt.
struct MeshFacts: Hashable, Sendable {
    /// What pods may reach outside.
    let outboundMode: String
    /// Whether applications wait for their proxies.
    let holdsApplication: Bool

    /// Trust domains that it takes for its own, too.
    let trustAliases: [String]

    /// Of the old mesh, and once that is gone of the new one; `nil` when neither is there.
    init?(_ view: ClusterView, of move: Move) throws(Pause) {
        let old = try view.object(move.meshPath(of: move.old))
        let new = try view.object(move.meshPath(of: move.revision))
        guard let mesh = old ?? new else { return nil }
        outboundMode = OutboundTraffic.of(meshConfigMap: mesh)
        holdsApplication = mesh.holdsApplication
        trustAliases = TrustDomain.aliases(meshConfigMap: mesh)
    }
}

extension JSON {
    /// Whether the `mesh` of a ConfigMap `istio` has applications wait for their proxies.
    fileprivate var holdsApplication: Bool {
        let mesh = self[path: ["data", "mesh"]]?.string ?? ""
        if let json = JSON(parsing: mesh) {
            return json[path: ["defaultConfig", "holdApplicationUntilProxyStarts"]]?.bool == true
        }
        return mesh.split(whereSeparator: \.isNewline).contains { line in
            line.filter { !$0.isWhitespace }.hasPrefix("holdApplicationUntilProxyStarts:true")
        }
    }

    /// The same of a new control plane's settings, for the mesh or for every proxy.
    var asksToHoldApplications: Bool {
        let key = "holdApplicationUntilProxyStarts"
        let places = [["meshConfig", "defaultConfig"], ["global", "proxy"]]
        return (places + places.map { ["values"] + $0 }).contains {
            self[path: $0 + [key]]?.bool == true
        }
    }
}
