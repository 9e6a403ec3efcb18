import FleetModel

/// What the preflight asks where istioctl installs and removes.
struct IstioctlReview {
    let revision: RevisionSituation

    private var move: Move { revision.move }
    private var dryRun: Reading { revision.istioctl.dryRun(of: move.old) }

    var readings: [Reading] { [revision.istioctl.version, dryRun] }

    /// Whether a control plane of the new revision is as we would have it, and nobody else's.
    func isOurs(_ facts: PreflightFacts) -> Bool {
        ControlPlane.all(in: facts.deployments).contains { plane in
            plane.revision == move.revision && plane.runs(move.version)
                && plane.deployment.helmRelease == nil
        }
    }

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding] {
        try removal(facts, view) + gateways(facts) + version(view) + pruned(facts)
    }

    /// What would go with the old revision, told before anything is touched. An istioctl that
    /// asks about proxies before it lists anything tells nothing yet.
    private func removal(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        let old = ControlPlane.all(in: facts.deployments).first { $0.revision == move.old }
        guard let old else { return [] }
        if let release = old.deployment.helmRelease {
            return [
                .block("PR2", "revision \(move.old) is of Helm's release \(release)")
            ]
        }
        let report = UninstallReport(try view.report(of: dryRun))
        let doomed = report.protected(besides: move.old).filter { !$0.movesLater }
        if case .unclear(let words) = report.ending {
            return [.warn("PR2", "istioctl's dry run ends in: \(words)")]
        }
        return doomed.map { .block("PR2", "\($0) would go with revision \(move.old)") }
    }

    /// A restart moves gateways that are injected. Those that an IstioOperator rendered follow
    /// that resource, and it knows one revision.
    private func gateways(_ facts: PreflightFacts) -> [Finding] {
        let rendered = facts.workloads.all.filter { workload in
            workload.pods.contains { pod in
                pod.proxy?.kind == .gateway && pod.proxy?.revision == move.old
                    && !Proxy.isInjected(into: pod.object)
            }
        }
        guard !rendered.isEmpty else { return [] }
        let names = rendered.map { "\($0.owner)" }.summary
        return [.block("PR3", "not injected, so no restart moves it: \(names)")]
    }

    /// What is there of the new revision before its istiod is, goes when that comes.
    private func pruned(_ facts: PreflightFacts) -> [Finding] {
        guard !isOurs(facts) else { return [] }
        let pruned = PrunedComponents(
            of: move.revision, deployments: facts.deployments, daemonSets: facts.daemonSets)
        return pruned.complaint.map { [.block("PR6", $0)] } ?? []
    }

    private func version(_ view: ClusterView) throws(Pause) -> [Finding] {
        let report = try view.report(of: revision.istioctl.version)
        let version = JSON(parsing: report.stdout)?[path: ["clientVersion", "version"]]?.string
        guard let version else {
            return [.block("PR4", "istioctl does not say which version it is: \(report.lastLine)")]
        }
        guard version != move.version else { return [] }
        return [.block("PR4", "istioctl is \(version), not \(move.version)")]
    }
}

extension UninstallReport.Object {
    /// Tags and the default validator lead to the new revision before the old one goes.
    fileprivate var movesLater: Bool {
        ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].contains(kind)
    }
}
