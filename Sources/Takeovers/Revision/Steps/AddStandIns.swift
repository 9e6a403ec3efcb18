import FleetModel

/// Has pods of the new revision serve beside the old gateways', behind the same Services.
struct AddStandIns: StepRecipe {
    static let outline = StepOutline(
        "canary-gateways", title: "run gateways of the new revision beside the old ones",
        interrupt: .finishOrRollBack)
    let move: Move
    let gateways: [GatewayCanary]
    /// How long both have to serve.
    let hold: Duration

    var outline: StepOutline { Self.outline }
    var patience: Patience { Patience(timeout: .minutes(30) + hold, poll: .seconds(3)) }
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(gateways.flatMap(\.readings))
        var serving: [GatewayCanary.State] = []
        for (gateway, state) in try gateways.unfolded(view) {
            if let lack = try gateway.addition(state).lack(view) { return .notDone(lack) }
            if let lack = try gateway.standInLack(state, view) { return .partial(lack) }
            if !state.isDrained { serving.append(state) }
        }
        let item = "old and new gateways serve beside one another"
        guard serving.isEmpty || view.context.settled.contains(item) else {
            return .settling(item: item, for: hold, fingerprint: serving.fingerprint)
        }
        return .done("gateways of \(move.target) serve behind \(gateways.names)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for (gateway, state) in try gateways.unfolded(view) {
            if let addition = try gateway.pendingAddition(state, view) { return addition }
        }
        return []
    }

    var preview: StepPreview {
        StepPreview(
            reads: gateways.flatMap(\.readings), acts: gateways.map(\.previewedAddition),
            proof: "behind each Service, its address being as before, are as many ready pods of "
                + "\(move.target) as of \(move.old), for \(hold.short)",
            compensation: gateways.map(\.standIn.removal))
    }
}

extension [GatewayCanary.State] {
    /// What changes when any pod behind the Services is made anew.
    fileprivate var fingerprint: String {
        map { "\($0.ownPods.fingerprint) \($0.standInPods.fingerprint)" }.joined(separator: ";")
    }
}

extension [GatewayCanary] {
    /// The Services, for people.
    var names: String { map { "\($0.gateway.namespace)/\($0.gateway.service)" }.summary }
}
