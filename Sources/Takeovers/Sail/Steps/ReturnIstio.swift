import FleetModel

/// Has the operator make the old revision the active one again, in the version that it has.
///
/// Tags that point to the Istio resource lead new pods there from then on.
struct ReturnIstio: StepRecipe {
    static let outline = StepOutline(
        "return-istio", title: "have the operator go back to the old revision")
    /// The way back.
    let back: SailSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { back.move.lock }

    private var move: Move { back.move }
    private var revisionPath: String { SailResource.revisionPath(move.revision) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([back.istioPath, revisionPath])
        let istio = try back.istio(view)
        let version = try versionOfOld(view)
        guard istio.version == version else {
            try requireOurs(istio)
            return .notDone("Istio \(istio.name) is at \(istio.version ?? "no version")")
        }
        if let lack = back.lack(of: istio) { return .partial(lack) }
        return .done("Istio \(istio.name) is Healthy at \(version), by \(move.revision)")
    }

    private func versionOfOld(_ view: ClusterView) throws(Pause) -> String {
        guard let old = try view.object(revisionPath) else {
            throw .terminal("there is no IstioRevision \(move.revision) to go back to")
        }
        guard !old.isTerminating, let version = SailResource(old).version else {
            throw .terminal("IstioRevision \(move.revision) is being deleted")
        }
        return version
    }

    /// A resource that somebody else has led elsewhere since is left to them.
    private func requireOurs(_ istio: SailResource) throws(Pause) {
        guard istio.version == back.settings.version else {
            throw .terminal(
                "Istio \(istio.name) is at \(istio.version ?? "no version"), where this takeover "
                    + "did not lead it")
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let version = try versionOfOld(view)
        return [back.bring(to: version, at: try back.istio(view).object.resourceVersion)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([back.istioPath, revisionPath]),
            acts: [back.bring(to: "<version of \(move.revision)>", at: "<resourceVersion>")],
            proof: "Istio \(back.settings.istio) is Healthy as it is written now, and its active "
                + "revision is \(move.revision)")
    }
}
