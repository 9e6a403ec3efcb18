import FleetModel

/// Whether a new control plane has the mesh's configuration of the old one, where another
/// would be felt by every workload that is restarted.
///
/// What was known before the installation the preflight has seen (P10). What a chart, a profile
/// or an operator brings of its own shows only in the ConfigMap.
struct MeshContinuity: Sendable {
    let move: Move
    /// The mode that the takeover asks for itself, and so means; `nil` for the one of before.
    let asked: String?

    private var oldPath: String { path(move.oldName("istio")) }
    private var newPath: String { path(move.newName("istio")) }
    var paths: [String] { [oldPath, newPath] }

    private func path(_ name: String) -> String { APIPath.configMap(name, in: "istio-system") }

    /// Stops where the two differ. Without the old one there is nothing left to hold it against.
    func require(_ view: ClusterView) throws(Pause) {
        guard !move.isBack, let old = try view.object(oldPath),
            let new = try view.object(newPath)
        else { return }
        let domains = (TrustDomain.of(meshConfigMap: old), TrustDomain.of(meshConfigMap: new))
        guard domains.0 == domains.1 else {
            throw .terminal(
                "ConfigMap \(new.name) has the trust domain \(domains.1), not \(domains.0): "
                    + "moved pods would have other identities")
        }
        let mode = OutboundTraffic.of(meshConfigMap: new)
        let wanted = asked ?? OutboundTraffic.of(meshConfigMap: old)
        guard mode == wanted else {
            throw .terminal(
                "ConfigMap \(new.name) has outboundTrafficPolicy \(mode), not \(wanted): moved "
                    + "pods would reach other things outside the mesh")
        }
    }
}
