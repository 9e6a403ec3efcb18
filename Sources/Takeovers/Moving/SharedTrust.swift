import FleetModel

/// What pods of both revisions need to talk to one another: the same roots of trust, and one
/// trust domain, by which each knows the other's identity.
struct SharedTrust: Sendable {
    let move: Move

    init(_ move: Move) { self.move = move }

    var paths: [String] {
        [APIPath.rootCertificates, APIPath.mutatingWebhooks, oldMesh, newMesh]
    }

    private var oldMesh: String { APIPath.configMap(move.oldName("istio"), in: "istio-system") }
    private var newMesh: String { APIPath.configMap(move.newName("istio"), in: "istio-system") }

    func require(_ view: ClusterView) throws(Pause) {
        try view.require(paths)
        try requireSameRoots(view)
        try requireSameDomain(view)
    }

    /// Other roots would break every connection between moved and unmoved pods.
    private func requireSameRoots(_ view: ClusterView) throws(Pause) {
        let dissenters = RootCertificates.dissenters(
            among: try view.list(APIPath.rootCertificates))
        guard dissenters.isEmpty else {
            throw .terminal("other roots of trust than in istio-system in \(dissenters.summary)")
        }
        let injection = try move.injection(view)
        guard let old = injection.own(move.old), let new = injection.own(move.revision),
            old.bundles != new.bundles
        else { return }
        throw .terminal(
            "\(old.name) and \(new.name) show different roots of trust: "
                + "moved pods could not talk to unmoved ones")
    }

    /// What a mesh says it is, not what somebody asked for. Two that take each other's domain
    /// for their own are as good as one.
    private func requireSameDomain(_ view: ClusterView) throws(Pause) {
        guard let old = try view.object(oldMesh), let new = try view.object(newMesh) else { return }
        let (before, after) = (
            TrustDomain.of(meshConfigMap: old), TrustDomain.of(meshConfigMap: new)
        )
        guard before != after,
            !TrustDomain.aliases(meshConfigMap: old).contains(after)
                || !TrustDomain.aliases(meshConfigMap: new).contains(before)
        else { return }
        throw .terminal(
            "ConfigMap \(new.name) has trust domain \(after), and \(old.name) has \(before): "
                + "moved pods would have other identities")
    }
}
