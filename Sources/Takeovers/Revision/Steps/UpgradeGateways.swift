import FleetModel

/// Moves the gateways where they stand, one after the other; each keeps its Service.
struct UpgradeGateways: StepRecipe {
    static let outline = StepOutline(
        "upgrade-gateways", title: "move the gateways to the new revision",
        interrupt: .finishOrRollBack)
    let move: Move
    let gateways: [NewGateway]
    /// In the order of the gateways.
    let upgrades: [ReleaseUpgrade]

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(30), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(upgrades.flatMap(\.release.readings))
        for (gateway, upgrade) in zip(gateways, upgrades) {
            if let lack = try upgrade.lack(view) { return .notDone(lack) }
            if let lack = try GatewayHealth(move).lack(of: [gateway], view) {
                return .partial(lack)
            }
        }
        let names = gateways.map { "\($0.namespace)/\($0.service)" }
        return .done("\(names.summary) run \(move.revision) \(move.version)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for upgrade in upgrades where try upgrade.lack(view) != nil {
            return try upgrade.commands(view, by: move.kubectl)
        }
        return []
    }

    var preview: StepPreview {
        StepPreview(
            reads: upgrades.flatMap(\.release.readings), acts: upgrades.map(\.preview),
            proof: "every gateway's pods run \(move.revision) \(move.version), are ready and "
                + "can be reached under the address of before",
            compensation: upgrades.map { $0.release.rollback(to: "<record>") })
    }
}
