import FleetModel

extension GlooSituation {
    /// The trust domain that every identity keeps: the takeover's, else the old control plane's,
    /// and once that is gone the new one's. `nil` when nothing tells.
    ///
    /// Gloo's own choice, the cluster's name, would change every identity in the middle of the
    /// move.
    func keptTrustDomain(_ view: ClusterView) throws(Pause) -> String? {
        if let given = settings.trustDomain { return given }
        for name in [move.oldName("istio"), move.newName("istio")] {
            let path = APIPath.configMap(name, in: "istio-system")
            if let mesh = try view.object(path) { return TrustDomain.of(meshConfigMap: mesh) }
        }
        return nil
    }
}
