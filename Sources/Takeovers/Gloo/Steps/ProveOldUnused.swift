import FleetModel

/// Proves that nothing needs the old revision any more, twice.
struct ProveOldUnused: StepRecipe {
    static let outline = StepOutline(
        "prove-old-unused", title: "prove that nothing uses the old revision")
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        switch try OldRevisionUse(gloo).verdict(view) {
        case .unused: return try proof(view)
        case .ending(let words): return .partial(words)
        case .used(let words): return .failed(Failure(.terminal, words))
        }
    }

    private func proof(_ view: ClusterView) throws(Pause) -> Observation {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard planes.contains(where: { $0.revision == gloo.old }) else {
            return .done("nothing of \(gloo.old) is left to be used")
        }
        let item = "\(gloo.old) is unused"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: gloo.settings.proofHold, fingerprint: "")
        }
        return .done(
            "no proxy, namespace, template, tag, Service or probe leads to \(gloo.old) "
                + "(by the API server alone)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(OldRevisionUse.paths)
                + [InjectionProbe(namespace: "<namespace>").reading(gloo.kubectl)],
            proof:
                "twice, \(gloo.settings.proofHold.short) apart: no proxy, namespace, template, "
                + "tag, Service or dry-run pod leads to \(gloo.old)")
    }
}
