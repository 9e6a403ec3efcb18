import FleetModel

/// Brings the drained gateways' own releases to the new revision, fills them, and removes those
/// that stood in for them: what is left is one release each, as there was before.
///
/// This comes before the proof: a drained Deployment names the old revision, and would be
/// without a proxy once somebody scales it.
struct FoldGateways: StepRecipe {
    static let outline = StepOutline(
        "fold-gateways", title: "bring the drained gateways to the new revision and fill them",
        interrupt: .finishOrRollBack)
    let move: Move
    let gateways: [GatewayCanary]

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(60), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(gateways.flatMap(\.readings))
        for gateway in gateways {
            if let rest = try rest(of: gateway, view) { return rest }
        }
        return .done("\(gateways.names) lead to the gateways' own pods of \(move.target)")
    }

    /// What is left to do for one of them; `nil` when nothing is.
    private func rest(of gateway: GatewayCanary, _ view: ClusterView) throws(Pause) -> Observation?
    {
        let state = try gateway.state(view)
        if let lack = try gateway.own.lack(view) {
            try requireStandIn(for: gateway, state, view)
            return .notDone(lack)
        }
        return try gateway.restOfRefill(state, move, hold: move.settings.settle, view)
    }

    /// Nothing of the gateway's own is changed while clients depend on it.
    private func requireStandIn(
        for gateway: GatewayCanary, _ state: GatewayCanary.State, _ view: ClusterView
    ) throws(Pause) {
        guard !gateway.isFolded(state) else { return }
        guard state.isDrained, state.standIn != nil else {
            throw .terminal(
                "\(state.ownPods.label) was not drained; take the phase takeover again")
        }
        if let lack = try gateway.standInLack(state, view) { throw .unclear(lack) }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for gateway in gateways {
            guard case .notDone = try rest(of: gateway, view) else { continue }
            let state = try gateway.state(view)
            if try gateway.own.lack(view) != nil {
                return try gateway.own.commands(view, by: move.kubectl)
            }
            return [try gateway.refill(state)]
        }
        return []
    }

    var preview: StepPreview {
        StepPreview(
            reads: gateways.flatMap(\.readings),
            acts: gateways.flatMap { [$0.own.preview] + $0.previewedRefill },
            proof: "each gateway's own release has the new revision, its pods run "
                + "\(move.target), are ready and have the Service's address of before to "
                + "themselves; there is no second release",
            compensation: gateways.map { $0.own.release.rollback(to: "<record>") })
    }
}
