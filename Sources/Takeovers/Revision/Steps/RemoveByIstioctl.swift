import FleetModel

/// Has istioctl remove the old control plane, once nothing uses it and a dry run has shown
/// that nothing else would go with it.
struct RemoveByIstioctl: StepRecipe {
    let move: Move

    let outline = RemoveOldRelease.outline
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    private var istioctl: Istioctl { Istioctl(cluster: move.situation.cluster) }
    private var dryRun: Reading { istioctl.dryRun(of: move.old) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([dryRun] + Reading.paths([APIPath.pods, APIPath.deployments]))
        let report = UninstallReport(try view.report(of: dryRun))
        if report.ending == .unknownRevision {
            return .done("istioctl finds no control plane of \(move.old)")
        }
        try requireHarmlessness(report, view)
        guard !report.objects.isEmpty else {
            try requireAbsence(view)
            return .done("istioctl would remove nothing of \(move.old)")
        }
        let words = "\(report.objects.count) objects of \(move.old) are still there"
        guard view.context.lastRun.isEmpty else { return .partial(words) }
        try RetirementSafety(move).require(view)
        return .notDone(words)
    }

    /// An empty list is worth nothing while the istiod stands.
    private func requireAbsence(_ view: ClusterView) throws(Pause) {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard let left = planes.first(where: { $0.revision == move.old }) else { return }
        throw .unclear(
            "istioctl would remove nothing, though \(left.deployment.qualifiedName) is there")
    }

    private func requireHarmlessness(
        _ report: UninstallReport, _ view: ClusterView
    ) throws(Pause) {
        let doomed = report.protected(besides: move.old)
        guard doomed.isEmpty else {
            throw .terminal(
                "istioctl would take \(doomed.map(\.description).summary) along")
        }
        switch report.ending {
        case .through, .unknownRevision: return
        case .proxiesLeft(let names):
            let others = try strangers(among: names, view)
            guard others.isEmpty else {
                throw .terminal("the old istiod still serves \(others.summary)")
            }
        case .gatewaysLeft(let names):
            throw .terminal("istioctl would take gateways along: \(names.summary)")
        case .unclear(let words): throw .unclear("istioctl's dry run ends in: \(words)")
        }
    }

    /// Proxies that the old istiod serves, and that may not lose it: the API server does not
    /// show those of virtual machines and other clusters. Of many istioctl tells no names.
    private func strangers(
        among names: [String], _ view: ClusterView
    ) throws(Pause) -> [String] {
        guard !names.isEmpty else { return ["more proxies than it names"] }
        let waived = Set(
            try view.pods().filter(move.settings.isWaived)
                .map { "\($0.name).\($0.namespace)" })
        return names.filter { !waived.contains($0) }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [istioctl.removal(of: move.old)] }

    var preview: StepPreview {
        StepPreview(
            reads: [dryRun] + OldRevisionUse.previewed(move),
            acts: [istioctl.removal(of: move.old)],
            proof: "istioctl finds nothing of \(move.old); its dry run named no node agent, "
                + "gateway, tag or default validator, and no proxy but those waived")
    }
}
