import FleetModel

/// Has the operator bring up the new version: beside the old one, or in its place.
///
/// Tags that point to the Istio resource lead new pods to the new revision from then on.
struct UpdateIstio: StepRecipe {
    static let outline = StepOutline(
        "update-istio", title: "have the operator bring up the new version")
    let sail: SailSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { sail.move.lock }

    private var move: Move { sail.move }
    private var deploymentPath: String {
        Move.deploymentPath(move.newName("istiod"), in: "istio-system")
    }

    private var paths: [String] {
        [sail.istioPath, deploymentPath] + MeshContinuity(move: move, asked: nil).paths
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let istio = try sail.istio(view)
        guard istio.version == sail.settings.version else {
            try requireOurs(istio)
            return .notDone("Istio \(istio.name) is at \(istio.version ?? "no version")")
        }
        if let lack = sail.lack(of: istio) { return .partial(lack) }
        return try istiod(istio, view)
    }

    /// A resource that somebody else leads elsewhere is left to them.
    private func requireOurs(_ istio: SailResource) throws(Pause) {
        guard istio.isRevisionBased != sail.settings.isInPlace else {
            throw .terminal(
                "Istio \(istio.name) is updated "
                    + (istio.isRevisionBased ? "by revisions, not in place" : "in place"))
        }
        guard let active = istio.activeRevision, active == move.old else {
            let active = istio.activeRevision?.rawValue ?? "none"
            throw .terminal(
                "the active revision of Istio \(istio.name) is \(active), not \(move.old)")
        }
    }

    /// A status alone is never believed.
    private func istiod(_ istio: SailResource, _ view: ClusterView) throws(Pause) -> Observation {
        let name = move.newName("istiod")
        guard let istiod = try view.object(deploymentPath).flatMap(ControlPlane.init) else {
            return .partial("Deployment \(name) is not there yet")
        }
        guard istiod.runs(move.version) else {
            return .partial("\(name) still runs \(istiod.version ?? "another version")")
        }
        if let complaint = istiod.rollout.complaint { return .partial("\(name): \(complaint)") }
        // In place there is one ConfigMap, and so nothing to hold against another.
        try MeshContinuity(move: move, asked: OutboundTraffic.asked(of: istio.object.spec))
            .require(view)
        return .done(
            "Istio \(sail.settings.istio) is Healthy at \(sail.settings.version), and \(name) "
                + "is available")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let istio = try sail.istio(view)
        return [sail.bring(to: sail.settings.version, at: istio.object.resourceVersion)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            acts: [sail.bring(to: sail.settings.version, at: "<resourceVersion>")],
            proof: "Istio \(sail.settings.istio) is Healthy as it is written now, its active "
                + "revision is \(move.revision), and \(move.newName("istiod")) runs "
                + "\(move.version) and is available",
            compensation: [sail.bring(to: "<version of before>", at: "<resourceVersion>")])
    }
}
