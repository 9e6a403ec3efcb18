import FleetModel

/// What the preflight of an upgrade by Helm or istioctl asks of one cluster.
struct RevisionReview: PreflightReview {
    let revision: RevisionSituation

    var checks: [PreflightCheck] { Self.checks }
    var move: Move { revision.move }

    static let checks = PreflightQuestions.all(with: [
        PreflightCheck(
            "P10", "the trust domain stays, and what pods may reach outside",
            cure: "set `trustDomain` and `outboundTrafficPolicy` in the new `meshConfig`"),
        PreflightCheck(
            "PR1", "Helm's releases are whole, and nobody is at them",
            cure: "see `helm history`, and finish or roll back what is pending"),
        PreflightCheck(
            "PR2", "the old control plane takes nothing along that is still needed",
            cure: "take the object out of the old release, or give it to another"),
        PreflightCheck(
            "PR3", "every gateway of the old revision is in the takeover",
            cure: "name its release under `gateways`; with istioctl, have it injected"),
        PreflightCheck(
            "PR4", "istioctl is of the new version",
            cure: "name another one under `tools` in the inventory"),
        PreflightCheck(
            "PR5", "gateways by canary have a Service that other pods can stand behind",
            cure: "have them moved where they stand: leave `by: canary` out"),
        PreflightCheck(
            "PR6", "istioctl removes nothing when it installs",
            cure: "install the new revision by hand, with all that there is of it"),
        PreflightCheck(
            "PR7", "the new istiod takes the ztunnel there is",
            cure: "write `profile: ambient` into the values of the new istiod"),
    ])

    var access: AccessReview {
        AccessReview(
            RevisionRunbook.self, of: move,
            and: [
                AccessReview.Question(
                    "create", isByHelm ? "secrets" : "configmaps", by: move.kubectl)
            ])
    }

    var readings: [Reading] {
        .paths(OutsideMachines.paths)
            + (isByHelm ? helmReadings : IstioctlReview(revision: revision).readings)
    }

    private var helmReadings: [Reading] {
        (releases + agents + standIns).flatMap(\.readings) + standInReview.readings
    }

    private var standInReview: StandInReview {
        StandInReview(move: move, canaries: revision.canaries)
    }

    var hasIstioctl: Bool { !isByHelm }

    private var isByHelm: Bool { revision.settings.installer == .helm }

    /// They are brought along where they are, and missed by nobody.
    private var agents: [ChartRelease] {
        RevisionChart.agents.compactMap { revision.upgrade(ofAgent: $0)?.release }
    }

    /// Likewise: they come with the takeover, and go again.
    private var standIns: [ChartRelease] { revision.canaries.map(\.standIn) }

    private var releases: [ChartRelease] {
        let upgrades = [revision.base(), revision.newControlPlane].compactMap { $0 }
        return upgrades.map(\.release) + [revision.oldControlPlane]
            + move.gateways.compactMap { revision.upgrade(of: $0)?.release }
    }

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding] {
        let checks = PreflightChecks(facts: facts, move: move)
        let isOurs = try isOurs(facts, view)
        let settings = revision.settings
        let oldSelections =
            settings.relabelsNamespaces
            ? checks.relabelling(takingDefault: settings.relabelsDefault) : checks.oldSelections
        let machines = try OutsideMachines(view, of: move)
        let leadsTunnel = revision.upgrade(ofAgent: .ztunnel) != nil
        let cluster =
            checks.access + checks.controlPlanes(isOurs: isOurs) + checks.webhooks
            + checks.selections + oldSelections
            + checks.outside(machines, leadsTunnel: leadsTunnel) + checks.workloads
        let surroundings = SurroundingChecks(facts: facts, move: move).findings
        let trust =
            checks.roots
            + checks.trustDomain(given: revision.trustDomain, usual: TrustDomain.fallback)
            + checks.trustAliases(asked: TrustDomain.aliases(askedBy: revision.values))
            + checks.outboundTraffic(asked: OutboundTraffic.asked(of: revision.values))
            + checks.startOrder(holdsApplication: revision.values?.asksToHoldApplications ?? false)
        return try cluster + surroundings + trust + checks.operators + checks.traffic
            + checks.platform + checks.lease + installer(facts, view)
    }

    private func isOurs(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> Bool {
        guard isByHelm else { return IstioctlReview(revision: revision).isOurs(facts) }
        return try revision.newControlPlane?.release.record(view) != nil
    }

    private func installer(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        guard isByHelm else {
            return try IstioctlReview(revision: revision).findings(facts, view)
        }
        return try whole(view) + removal(facts, view) + gateways(facts) + tunnel(facts, view)
            + standInReview.findings(view)
    }

    /// Releases that are missing, failed or pending.
    private func whole(_ view: ClusterView) throws(Pause) -> [Finding] {
        let new = revision.newControlPlane?.release.name
        var findings: [Finding] = []
        for release in releases + agents + standIns {
            guard let record = try release.record(view) else {
                if release.name != new, !(agents + standIns).contains(release),
                    release != revision.oldControlPlane
                {
                    findings.append(.block("PR1", "there is no \(release.label)"))
                }
                continue
            }
            if let pin = pin(of: release, in: record.values) {
                findings.append(.block("PR1", "\(release.label) \(pin)"))
            }
            switch record.state {
            case .deployed: continue
            case .failed: findings.append(.warn("PR1", "\(release.label) failed last time"))
            case .pending(let word):
                findings.append(
                    revision.settings.mayRecover
                        ? .warn("PR1", "\(release.label) is \(word)")
                        : .block("PR1", "\(release.label) is \(word)"))
            case .other(let word): findings.append(.block("PR1", "\(release.label) is \(word)"))
            }
        }
        return findings
    }

    private func tunnel(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        guard let release = revision.upgrade(ofAgent: .ztunnel)?.release,
            try release.record(view) != nil
        else { return [] }
        let host = TunnelHost(move: move)
        return host.omission(in: revision.values, facts.deployments).map { [.warn("PR7", $0)] }
            ?? []
    }

    private func pin(of release: ChartRelease, in values: JSON) -> String? {
        guard agents.contains(release) else { return nil }
        let isTunnel = release == revision.upgrade(ofAgent: .ztunnel)?.release
        return AgentImage(version: move.version).pin(in: values)
            ?? (isTunnel ? TunnelAddress(move: move).pin(in: values) : nil)
    }

    /// What would go with the old release, told before anything is touched.
    private func removal(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        let planes = ControlPlane.all(in: facts.deployments)
        guard planes.contains(where: { $0.revision == move.old }) else { return [] }
        guard let record = try revision.oldControlPlane.record(view) else {
            return [
                .block(
                    "PR2", "revision \(move.old) is not of \(revision.oldControlPlane.label)")
            ]
        }
        return ReleaseManifest(record.manifest).protected.map {
            .block("PR2", "\($0) would go with \(revision.oldControlPlane.label)")
        }
    }

    private func gateways(_ facts: PreflightFacts) -> [Finding] {
        let known = Set(move.gateways.map { "\($0.namespace)/\($0.service)" })
        let others = facts.fronts.map(\.service.qualifiedName).filter { !known.contains($0) }
        guard !others.isEmpty else { return [] }
        return [.block("PR3", "Service \(others.summary) leads to gateways of \(move.old)")]
    }
}
