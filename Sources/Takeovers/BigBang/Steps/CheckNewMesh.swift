import FleetModel

/// Makes sure that the new control plane is whole, and has Helm put right what the
/// operator took away (B06).
///
/// When the operator's resource disappeared is written nowhere in the cluster, so no release can
/// be shown to have been deployed after it: every one is upgraded once more, whatever is there.
/// It does no harm where nothing was taken away.
struct CheckNewMesh: StepRecipe {
    static let outline = StepOutline(
        "new-control-plane", title: "check the new control plane, object by object",
        interrupt: .finishOrRollBack, endsAtSafePoint: false)
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private var mesh: NewMesh { NewMesh(bigBang) }
    private var request: FluxRequest {
        FluxRequest(token: bigBang.token(Self.purpose), forces: true, resets: true)
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(NewMesh.readings + .paths([APIPath.namespaces]))
        let packages = try BigBangPackages(view)
        guard packages.isControlPlaneComplete else {
            return .partial("the releases of the new control plane are not there yet")
        }
        let isForced = packages.controlPlane.allSatisfy(isForced)
        if let waiting = try progress(packages, isForced: isForced) { return waiting }
        let missing = try mesh.missing(view)
        guard missing.isEmpty else {
            let words =
                "\(missing.summary) missing, although Flux says ready: the operator took "
                + "away what Helm had taken over"
            return isForced ? try unhelped(words, view) : .notDone(words)
        }
        guard isForced || packages.controlPlane.allSatisfy(wasForced) else {
            return .notDone("what the operator took away behind Helm's back is to be put right")
        }
        if let lack = try mesh.lack(view) { return .partial(lack) }
        try requireDefinitions(view)
        return try injection(view)
    }

    /// Whether this run has asked for the upgrade, handled or not.
    private func isForced(_ release: HelmRelease) -> Bool {
        request.isMade(of: release.object)
            || FluxObject(.helmRelease, release.object).hasForced(request.token)
    }

    /// Whether any run has had the release upgraded so. One that is switched off and on again
    /// is another object.
    private func wasForced(_ release: HelmRelease) -> Bool {
        release.object.status["lastHandledForceAt"]?.string?.hasSuffix(Self.purpose) ?? false
    }

    private static let purpose = "force"

    /// Releases and objects are not read at one moment: what is missing has to stay so before it
    /// is held against the upgrade.
    private func unhelped(_ words: String, _ view: ClusterView) throws(Pause) -> Observation {
        let item = "\(words); a forced upgrade did not help"
        if view.context.settled.contains(item) { throw .terminal(item) }
        return .settling(item: item, for: .seconds(30), fingerprint: "")
    }

    /// The operator leaves definitions alone; should they go all the same, every object of
    /// theirs has gone with them.
    private func requireDefinitions(_ view: ClusterView) throws(Pause) {
        try view.require([Baseline.path] + Baseline.groups)
        let now = try Baseline.resources(view)
        let lost = (try Baseline.saved(view)?.resources ?? []).filter { !now.contains($0) }
        guard lost.isEmpty else {
            throw .terminal(
                "the API server no longer knows Istio's \(lost.summary): their definitions were "
                    + "deleted, and all objects with them")
        }
    }

    /// What the releases still do; `nil` when all are ready.
    private func progress(
        _ packages: BigBangPackages, isForced: Bool
    ) throws(Pause) -> Observation? {
        for release in packages.controlPlane {
            let state = request.state(of: release.object)
            let words = "HelmRelease \(release.name) is \(state)"
            switch state {
            case .ready: continue
            case .stalled, .failed:
                guard !isForced else { throw .terminal(words) }
                return .notDone(words)
            case .suspended, .deleting, .deletingFailed: throw .terminal(words)
            case .waiting, .retrying: return .partial(words)
            }
        }
        return nil
    }

    private func injection(_ view: ClusterView) throws(Pause) -> Observation {
        let brought = try BroughtVersion(view, for: bigBang.move)
        let answers = try bigBang.move.probe(try bigBang.move.movedNamespaces(view), view)
        let wrong = answers.first { $0.answer.proxy.map(brought.move.isOnTarget) != true }
        guard let wrong else {
            let absent = try mesh.missingCompanions(view)
            return .done(
                "istiod \(brought.version) is whole; new pods in \(answers.count) namespaces get "
                    + "its sidecar"
                    + (absent.isEmpty ? "" : "; not there, nor needed by it: \(absent.summary)"))
        }
        return .partial("a new pod in \(wrong.namespace) \(wrong.answer.description)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try BigBangPackages(view).controlPlane.map { force($0.name) }
    }

    private func force(_ name: String) -> Command {
        request.command(.helmRelease, name, in: BigBangPackages.namespace, bigBang.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: NewMesh.readings, acts: [force("<release>")],
            proof: "the releases are ready; istiod, its account, roles and "
                + "webhooks are there; dry-run pods get its sidecar. A second upgrade is forced "
                + "once, for the operator may have taken away what Helm had taken over")
    }
}
