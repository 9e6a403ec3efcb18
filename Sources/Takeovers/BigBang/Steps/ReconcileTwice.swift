import FleetModel

/// Has Flux look at every release twice: the second time nothing may change (B13).
struct ReconcileTwice: StepRecipe {
    static let outline = StepOutline(
        "reconcile-twice", title: "have Flux look at every release twice; nothing may change")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(20), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private var look: SecondLook { SecondLook(bigBang: bigBang) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading])
        let releases = try BigBangPackages(view).all
        var waiting: String?
        var open: [String] = []
        for release in releases {
            switch look.progress(of: release) {
            case .done: continue
            case .toAsk: open.append(release.name)
            case .waiting(let words): waiting = waiting ?? words
            case .failed(let words): throw .terminal(words)
            }
        }
        guard open.isEmpty else { return .notDone("Flux is to look at \(open.summary)") }
        if let waiting { return .partial(waiting) }
        return .done("Flux looked twice at \(releases.count) releases and changed nothing")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try BigBangPackages(view).all.compactMap { release in
            guard case .toAsk(let request) = look.progress(of: release) else { return nil }
            return command(request, release.name)
        }
    }

    private func command(_ request: FluxRequest, _ name: String) -> Command {
        request.command(.helmRelease, name, in: BigBangPackages.namespace, bigBang.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading],
            acts: ["first", "second"].map {
                command(FluxRequest(token: bigBang.token($0)), "<release>")
            },
            proof: "every HelmRelease is ready after two requests, and has no new revision after "
                + "the second")
    }
}
