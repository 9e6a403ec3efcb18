import FleetModel

/// Scales the old gateways to nothing, one after the other, once others serve beside them.
///
/// Their Deployments stay, for the Services are of the same releases: to scale them back is the
/// way back, and takes as long as a pod takes to start.
struct DrainGateways: StepRecipe {
    static let outline = StepOutline(
        "drain-gateways", title: "scale the old gateways to nothing",
        interrupt: .finishOrRollBack)
    let move: Move
    let gateways: [GatewayCanary]

    var outline: StepOutline { Self.outline }
    /// Connections may take minutes to end.
    var patience: Patience {
        Patience(timeout: .minutes(30) + move.settings.probeHold, poll: .seconds(3))
    }
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(gateways.flatMap(\.readings))
        var isDraining = false
        for (gateway, state) in try gateways.unfolded(view) {
            if let lack = try gateway.addition(state).lack(view) { return .notDone(lack) }
            if let lack = try gateway.standInLack(state, view) {
                return .partial("not before others serve: \(lack)")
            }
            if let rest = rest(of: state) { return rest }
            isDraining = true
        }
        // Whoever else scales it, an autoscaler or a GitOps tool, does so within this time.
        let item = "the old gateways have no pods"
        guard !isDraining || view.context.settled.contains(item) else {
            return .settling(item: item, for: move.settings.probeHold, fingerprint: "")
        }
        return .done("\(gateways.names) lead to pods of \(move.target) alone")
    }

    /// What is left to do for one that others can stand in for; `nil` when it is drained.
    private func rest(of state: GatewayCanary.State) -> Observation? {
        let label = state.ownPods.label
        guard state.isDrained else {
            return .notDone("\(label) still has to have \(state.ownPods.wanted) pods")
        }
        guard state.ownPods.alive.isEmpty else {
            return .partial("\(label): \(state.ownPods.alive.count) pods are ending")
        }
        let ours = state.standInPods.staying.map(\.name)
        let others = state.endpoints.filter { !ours.contains($0) }
        guard others.isEmpty else {
            return .partial("\(state.service.qualifiedName) leads to \(others.summary)")
        }
        return nil
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for (gateway, state) in try gateways.unfolded(view) {
            if let addition = try gateway.pendingAddition(state, view) { return addition }
            if !state.isDrained {
                return [ReplicaNote.emptying(state.deployment, by: move.kubectl)]
            }
        }
        return []
    }

    var preview: StepPreview {
        StepPreview(
            reads: gateways.flatMap(\.readings),
            acts: gateways.map { ReplicaNote.emptying($0.gateway, by: move.kubectl) },
            proof: "each Service has its address of before and leads to ready pods of "
                + "\(move.target) alone, as many as there were, for "
                + "\(move.settings.probeHold.short)",
            compensation: gateways.map { ReplicaNote.refilling($0.gateway, by: move.kubectl) })
    }
}
