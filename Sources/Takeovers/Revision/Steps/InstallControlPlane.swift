import FleetModel

/// Installs the new istiod beside the old one.
struct InstallControlPlane: StepRecipe {
    static let outline = StepOutline(
        "install-control-plane", title: "install the new control plane beside the old one")
    let move: Move
    let upgrade: ReleaseUpgrade
    let mesh: MeshContinuity

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(20), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let name = move.newName("istiod")
        let path = Move.deploymentPath(name, in: "istio-system")
        try view.require(upgrade.release.readings + Reading.paths([path] + mesh.paths))
        if let lack = try upgrade.lack(view) { return .notDone(lack) }
        guard let deployment = try view.object(path), let istiod = ControlPlane(deployment) else {
            throw .terminal("\(upgrade.release.label) has no Deployment \(name)")
        }
        guard istiod.runs(move.version) else {
            throw .terminal("\(name) runs \(istiod.version ?? "another version")")
        }
        if let complaint = istiod.rollout.complaint { return .partial("\(name): \(complaint)") }
        try mesh.require(view)
        return .done(
            "\(upgrade.release.label) is deployed, and \(name) \(move.version) is available")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try upgrade.commands(view, by: move.kubectl)
    }

    var preview: StepPreview {
        let path = Move.deploymentPath(move.newName("istiod"), in: "istio-system")
        return StepPreview(
            reads: upgrade.release.readings + .paths([path] + mesh.paths), acts: [upgrade.preview],
            proof: "\(upgrade.release.label) is deployed, of chart version "
                + "\(upgrade.chart.version); \(move.newName("istiod")) runs \(move.version) and is "
                + "available; its mesh has the trust domain and the outboundTrafficPolicy of "
                + "before",
            compensation: [upgrade.release.removal])
    }
}
