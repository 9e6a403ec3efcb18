import FleetModel

/// What pods of both revisions need to talk to one another: the same roots of trust, and one
/// trust domain, by which each knows the other's identity.
struct SharedTrust: Sendable {
    let move: Move

    init(_ move: Move) { self.move = move }

    var paths: [String] {
        [APIPath.rootCertificates, APIPath.mutatingWebhooks] + move.trustPaths
    }

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

    /// What a mesh says it is, not what somebody asked for; without a configuration its proxies
    /// tell. Two that take each other's domain for their own are as good as one.
    private func requireSameDomain(_ view: ClusterView) throws(Pause) {
        let before = try move.trustDomains(of: move.old, view)
        let after = try move.trustDomains(of: move.revision, view)
        guard !before.isEmpty, let other = after.first(where: { !before.contains($0) }) else {
            return
        }
        let theirs = try aliases(of: move.old, view)
        let ours = try aliases(of: move.revision, view)
        guard !theirs.contains(other) || !before.allSatisfy(ours.contains) else { return }
        throw .terminal(
            "\(try witness(of: move.revision, view)) has trust domain \(other), and "
                + "\(try witness(of: move.old, view)) has \(before.summary): moved pods would "
                + "have other identities")
    }

    private func witness(of revision: Revision, _ view: ClusterView) throws(Pause) -> String {
        let name = try view.object(move.meshPath(of: revision))?.name
        return name.map { "ConfigMap \($0)" } ?? "a proxy of \(revision)"
    }

    private func aliases(
        of revision: Revision, _ view: ClusterView
    ) throws(Pause) -> [String] {
        try view.object(move.meshPath(of: revision)).map(TrustDomain.aliases) ?? []
    }
}
