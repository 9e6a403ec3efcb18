import FleetModel

/// Proves that nothing needs the old revision any more, twice.
struct ProveOldUnused: StepRecipe {
    static let outline = StepOutline(
        "prove-old-unused", title: "prove that nothing uses the old revision")
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))

    private let hold = Duration.seconds(30)

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let findings = try OldRevisionUse(gloo).findings(view)
        guard findings.isEmpty else {
            return try refusal(findings, view)
        }
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard planes.contains(where: { $0.revision == gloo.old }) else {
            return .done("nothing of \(gloo.old) is left to be used")
        }
        let item = "\(gloo.old) is unused"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: hold, fingerprint: "")
        }
        return .done(
            "no proxy, namespace, template, tag, Service or probe leads to \(gloo.old) "
                + "(by the API server alone)")
    }

    /// Pods that end by themselves are waited for; everything else is a no.
    private func refusal(
        _ findings: [String], _ view: ClusterView
    ) throws(Pause) -> Observation {
        let doomed = try DoomedGateways(view, for: gloo)
        let using = try view.list(APIPath.pods).map(Pod.init).filter { pod in
            pod.isAlive && pod.proxy?.revision == gloo.old && !doomed.contains(pod)
        }
        let passes = !using.isEmpty && using.allSatisfy {
            $0.isTerminating || $0.controller?.kind == "Job"
        }
        let words = findings.joined(separator: "; ")
        guard passes, findings.count == 1 else { return .failed(Failure(.terminal, words)) }
        return .partial(words)
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(OldRevisionUse.paths)
                + [InjectionProbe(namespace: "<namespace>").reading(gloo.kubectl)],
            proof: "twice, \(hold.short) apart: no proxy, namespace, template, tag, Service or "
                + "dry-run pod leads to \(gloo.old)")
    }
}
