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

    var paths: [String] { move.trustPaths }

    /// Stops where the two differ. Without a configuration of the old one its proxies tell the
    /// trust domain; what pods reached outside, nobody does.
    func require(_ view: ClusterView) throws(Pause) {
        guard !move.isBack, let new = try view.object(move.meshPath(of: move.revision)) else {
            return
        }
        try requireDomain(new, view)
        let old = try view.object(move.meshPath(of: move.old))
        guard let wanted = asked ?? old.map(OutboundTraffic.of) else { return }
        let mode = OutboundTraffic.of(meshConfigMap: new)
        guard mode == wanted else {
            throw .terminal(
                "ConfigMap \(new.name) has outboundTrafficPolicy \(mode), not \(wanted): moved "
                    + "pods would reach other things outside the mesh")
        }
    }

    private func requireDomain(_ new: JSON, _ view: ClusterView) throws(Pause) {
        let domains = try move.trustDomains(of: move.old, view)
        let domain = TrustDomain.of(meshConfigMap: new)
        guard !domains.isEmpty, domains != [domain] else { return }
        throw .terminal(
            "ConfigMap \(new.name) has the trust domain \(domain), not "
                + "\(domains.joined(separator: " or ")): moved pods would have other identities")
    }
}
