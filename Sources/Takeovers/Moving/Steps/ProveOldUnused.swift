import FleetModel

/// Proves that nothing needs the old revision any more, twice.
struct ProveOldUnused: StepRecipe {
    static let outline = StepOutline(
        "prove-old-unused", title: "prove that nothing uses the old revision")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        switch try OldRevisionUse(move).verdict(view) {
        case .unused: return try proof(view)
        case .ending(let words): return .partial(words)
        case .used(let words): return .failed(Failure(.terminal, words))
        }
    }

    private func proof(_ view: ClusterView) throws(Pause) -> Observation {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard planes.contains(where: { $0.revision == move.old }) else {
            return .done("nothing of \(move.old) is left to be used")
        }
        let connected = try ConnectedProxies(view, of: move)
        guard connected.strangers.isEmpty else {
            return .partial("istiod still serves \(connected.strangers.summary)")
        }
        let item = "\(move.old) is unused"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: move.settings.proofHold, fingerprint: "")
        }
        return .done(
            "no proxy, namespace, template, tag, Service or probe leads to \(move.old) "
                + (connected.silence.map { "(by the API server alone: \($0))" }
                    ?? "(its istiods say so, too)"))
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(OldRevisionUse.paths)
                + [InjectionProbe(namespace: "<namespace>").reading(move.kubectl)]
                + (move.settings.asksIstiod
                    ? [ConnectedProxies.question(to: "<old istiod>", of: move)] : []),
            proof:
                "twice, \(move.settings.proofHold.short) apart: no proxy, namespace, template, "
                + "tag, Service or dry-run pod leads to \(move.old)")
    }
}
