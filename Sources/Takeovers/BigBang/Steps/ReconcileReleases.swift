import FleetModel

/// Asks Flux to look at everything once, so that nothing old comes up in the middle (B02).
struct ReconcileReleases: StepRecipe {
    static let outline = StepOutline(
        "reconcile-releases", title: "have Flux look at every release before anything changes")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private var request: FluxRequest { FluxRequest(token: bigBang.token("baseline")) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading])
        let packages = try BigBangPackages(view)
        guard !packages.isPastStepOne else {
            return .done("the old mesh is switched off already")
        }
        let unasked = packages.all.filter { !request.isMade(of: $0.object) }
        let sources = try ChartSources(of: unasked, view)
        let stale = sources.unasked(request)
        guard stale.isEmpty else {
            return .notDone("Flux has not been asked to fetch \(stale.map(\.label).summary)")
        }
        if let words = sources.waiting(request) { return .partial(words) }
        guard unasked.isEmpty else {
            return .notDone("Flux has not been asked about \(unasked.map(\.name).summary)")
        }
        for release in packages.all {
            let state = FluxState(of: release.object, token: request.token)
            let words = "HelmRelease \(release.name) is \(state)"
            switch state {
            case .ready: continue
            case .waiting, .retrying: return .partial(words)
            default: throw .terminal(words)
            }
        }
        return .done("Flux has looked at \(packages.all.count) releases, and all are ready")
    }

    /// The parent first: it may change the others.
    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let packages = try BigBangPackages(view)
        let unasked = packages.all.filter { !request.isMade(of: $0.object) }
        let stale = try ChartSources(of: unasked, view).unasked(request)
        guard stale.isEmpty else {
            return stale.map { request.command(of: $0, bigBang.kubectl) }
        }
        let names = ["bigbang"] + packages.all.map(\.name).filter { $0 != "bigbang" }
        return names.filter { name in
            packages[name].map { !request.isMade(of: $0.object) } ?? false
        }.map(command)
    }

    private func command(_ name: String) -> Command {
        request.command(.helmRelease, name, in: BigBangPackages.namespace, bigBang.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading],
            acts: [
                request.command(.gitRepository, "<source>", in: "<namespace>", bigBang.kubectl),
                command("<release>"),
            ],
            proof: "every source is fetched; Flux has handled the request for every HelmRelease, "
                + "and all are ready")
    }
}
