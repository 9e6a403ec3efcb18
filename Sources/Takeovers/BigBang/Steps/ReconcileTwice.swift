import FleetModel

/// Has Flux look at every release twice: the second time nothing may change (B13).
struct ReconcileTwice: StepRecipe {
    static let outline = StepOutline(
        "reconcile-twice", title: "have Flux look at every release twice; nothing may change")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    /// The program takes one release after the other, the annotations all of them at once.
    var patience: Patience {
        Patience(timeout: .minutes(program == nil ? 20 : 4 * 60), poll: .seconds(5))
    }
    var lock: WriterLock? { bigBang.lock }

    private var program: FluxProgram? { FluxProgram(of: bigBang.move.situation.cluster) }

    private var look: SecondLook { SecondLook(bigBang: bigBang) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading])
        let releases = try BigBangPackages(view).all
        var waiting: String?
        var open: [String] = []
        for release in releases {
            switch look.progress(of: release) {
            case .done: continue
            case .toAsk:
                try requireActivity(of: release)
                open.append(release.name)
            case .waiting(let words): waiting = waiting ?? words
            case .failed(let words): throw .terminal(words)
            }
        }
        if let fetching = try fetching(releases, view) { return fetching }
        guard open.isEmpty else { return .notDone("Flux is to look at \(open.summary)") }
        if let waiting { return .partial(waiting) }
        return .done("Flux looked twice at \(releases.count) releases and changed nothing")
    }

    /// What has to be fetched before the first look; `nil` when it is there.
    private func fetching(
        _ releases: [HelmRelease], _ view: ClusterView
    ) throws(Pause) -> Observation? {
        let sources = try sources(releases, view)
        let unasked = sources.unasked(fetch)
        guard unasked.isEmpty else {
            return .notDone("Flux is to fetch \(unasked.map(\.label).summary)")
        }
        return sources.waiting(fetch).map { .partial($0) }
    }

    /// The sources of those that are to be looked at for the first time. The program asks them
    /// itself.
    private func sources(
        _ releases: [HelmRelease], _ view: ClusterView
    ) throws(Pause) -> ChartSources {
        let unseen = releases.filter { look.progress(of: $0) == .toAsk(look.first) }
        return try ChartSources(of: program == nil ? unseen : [], view)
    }

    private var fetch: FluxRequest { look.first }

    /// The program refuses what is suspended, and has nothing to wait for.
    private func requireActivity(of release: HelmRelease) throws(Pause) {
        guard program != nil, release.state == .suspended else { return }
        throw .terminal("HelmRelease \(release.name) is suspended")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let releases = try BigBangPackages(view).all
        let unasked = try sources(releases, view).unasked(fetch)
        guard unasked.isEmpty else {
            return unasked.map { fetch.command(of: $0, bigBang.kubectl) }
        }
        let open = releases.compactMap { release in
            if case .toAsk(let request) = look.progress(of: release) {
                return (name: release.name, request: request)
            }
            return nil
        }
        guard let program else { return open.map { command($0.request, $0.name) } }
        return open.first.map { commands($0.request, $0.name, by: program) } ?? []
    }

    /// The request behind the program's own tells that it came to its end, and when it is the
    /// second, whether anything has changed since.
    private func commands(
        _ request: FluxRequest, _ name: String, by program: FluxProgram
    ) -> [Command] {
        let own = command(request, name)
        guard request == look.first else { return [own] }
        return [program.reconciliation(of: name, in: BigBangPackages.namespace), own]
    }

    private func command(_ request: FluxRequest, _ name: String) -> Command {
        request.command(.helmRelease, name, in: BigBangPackages.namespace, bigBang.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading],
            acts: (program.map {
                [$0.reconciliation(of: "<release>", in: BigBangPackages.namespace)]
            } ?? [fetch.command(.gitRepository, "<source>", in: "<namespace>", bigBang.kubectl)])
                + ["first", "second"].map {
                    command(FluxRequest(token: bigBang.token($0)), "<release>")
                },
            proof: "every source is fetched; every HelmRelease is ready after two requests, and "
                + "has no new revision after the second")
    }
}
