import FleetModel

/// What has to hold before anything is removed.
extension RemoveOldResources {
    /// Without its operator the resource would hang; with users, they would fall.
    func requireSafety(_ view: ClusterView) throws(Pause) {
        try view.require(OldRevisionUse.paths + OldOperator.paths)
        guard try OldOperator(view, for: gloo.move).isAlive else {
            throw .terminal("the old operator does not run, so nothing would be cleaned up")
        }
        try OldRevisionUse(gloo.move).requireUnused(view)
        if let complaint = try gloo.move.webhookComplaints(view).first {
            throw .terminal(complaint)
        }
        if ofControlPlane { try RetirementSafety(gloo.move).requireNewDefault(view) }
        try requireClientsElsewhere(view)
        try requireCallersElsewhere(view)
        if let lack = try GatewayHealth(gloo.move).lack(of: gloo.gateways, view) {
            throw .terminal("not before the new gateways are well: \(lack)")
        }
    }

    /// Whoever still comes in at an old address would be cut off.
    private func requireClientsElsewhere(_ view: ClusterView) throws(Pause) {
        let source = GlooAddresses(gloo: gloo)
        guard gloo.settings.leadsByDNS, !source.settings.leavesDNSAlone else { return }
        let changes = try AddressChanges(source, view)
        if changes.all.isEmpty { return }
        if try changes.isAcknowledged(view) { return }
        throw .terminal(
            "nobody has said that clients find the new addresses "
                + "(\(changes.records.summary)): once they do, run "
                + "`\(AddressChanges.acknowledgement(source))`")
    }

    /// Whoever calls a gateway from within the cluster is led over by nobody.
    private func requireCallersElsewhere(_ view: ClusterView) throws(Pause) {
        guard gloo.move.situation.cluster.waivers?["P16"] == nil else { return }
        let inside = try InternalGateways(view, for: gloo.move)
        for service in inside.services {
            let routes = inside.routes(to: service)
            let name = "Service \(service.qualifiedName), which goes with the old gateways"
            guard routes.isEmpty else {
                throw .terminal("VirtualService \(routes.summary) leads to \(name)")
            }
            guard gloo.settings.mayGo(service) else {
                throw .terminal(
                    "nobody has said that callers need no \(name): name it in the parameter "
                        + "\"removeGateways\"")
            }
        }
    }
}
