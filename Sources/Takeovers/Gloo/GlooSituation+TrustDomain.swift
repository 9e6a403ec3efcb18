import FleetModel

extension GlooSituation {
    /// The trust domain that every identity keeps: the takeover's, else the old control plane's,
    /// and once that is gone the new one's. `nil` when nothing tells.
    ///
    /// Gloo's own choice, the cluster's name, would change every identity in the middle of the
    /// move.
    func keptTrustDomain(_ view: ClusterView) throws(Pause) -> String? {
        if let given = settings.trustDomain { return given }
        let domains = try move.presentTrustDomains(view)
        return domains.count == 1 ? domains[0] : nil
    }

    /// The same for whoever has to say it: Istio's own would be a guess.
    func neededTrustDomain(_ view: ClusterView) throws(Pause) -> String {
        if let domain = try keptTrustDomain(view) { return domain }
        throw .terminal(
            move.trustTrouble(try move.presentTrustDomains(view))
                + "; give it as the parameter \"trustDomain\"")
    }
}
