import FleetModel

/// Which trust domain a mesh has, by who can tell.
extension Move {
    func meshPath(of revision: Revision) -> String {
        APIPath.configMap(revision.named("istio"), in: "istio-system")
    }

    /// What has to be read for that.
    var trustPaths: [String] {
        [meshPath(of: old)] + (old == revision ? [] : [meshPath(of: revision)]) + [APIPath.pods]
    }

    /// The trust domain of a revision: by its mesh's configuration, and where there is none by
    /// what its proxies were told. None when nothing tells, several when they do not agree.
    func trustDomains(of revision: Revision, _ view: ClusterView) throws(Pause) -> [String] {
        if let mesh = try view.object(meshPath(of: revision)) {
            return [TrustDomain.of(meshConfigMap: mesh)]
        }
        let pods = try view.pods().filter { $0.isAlive && $0.proxy?.revision == revision }
        return Set(pods.compactMap { TrustDomain.of(proxyIn: $0.object) }).sorted()
    }

    /// The one that every identity has so far; once the old revision is gone, the new one's.
    func presentTrustDomains(_ view: ClusterView) throws(Pause) -> [String] {
        let before = try trustDomains(of: old, view)
        return before.isEmpty ? try trustDomains(of: revision, view) : before
    }

    /// Why nobody knows it.
    func trustTrouble(_ domains: [String]) -> String {
        let place = "no ConfigMap istio-system/\(oldName("istio"))"
        return domains.isEmpty
            ? "nothing tells the trust domain of \(old): there is \(place), and no proxy that was "
                + "told one"
            : "there is \(place), and proxies of \(old) have different trust domains: "
                + domains.summary
    }
}
