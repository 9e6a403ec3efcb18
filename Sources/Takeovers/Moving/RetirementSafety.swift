import FleetModel

/// What must hold right before an old control plane goes. The proof is taken anew: users may
/// have come since.
struct RetirementSafety: Sendable {
    let move: Move

    init(_ move: Move) { self.move = move }

    func require(_ view: ClusterView) throws(Pause) {
        try view.require(OldRevisionUse.paths)
        try OldRevisionUse(move).requireUnused(view)
        try requireNewDefault(view)
        if let lack = try GatewayHealth(move).lack(of: move.gateways, view) {
            throw .terminal("not before the gateways are well: \(lack)")
        }
    }

    /// Nobody could write Istio's configuration while its default validator calls who is gone.
    func requireNewDefault(_ view: ClusterView) throws(Pause) {
        let old = "istio-system/\(move.oldName("istiod"))"
        let validators = try view.list(APIPath.validatingWebhooks)
            .compactMap(ValidatorConfiguration.init)
        if let caller = validators.first(where: { $0.isDefault && $0.services.contains(old) }) {
            throw .terminal("\(caller.object.name) still calls \(old)")
        }
    }
}
