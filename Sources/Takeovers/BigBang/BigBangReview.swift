import FleetModel

/// What the preflight of Big Bang asks of one cluster.
struct BigBangReview: PreflightReview {
    let bigBang: BigBangSituation

    var checks: [PreflightCheck] { BigBangPreflight.checks }
    var move: Move { bigBang.move }

    var access: AccessReview { AccessReview(BigBangRunbook.self, of: move) }

    var readings: [Reading] {
        [BigBangPackages.reading] + .paths(GatewayRoutes.paths) + EnvironmentSource.readings
    }

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding] {
        let packages = try BigBangPackages(view)
        if let obstacle = packages.obstacle { return [.block("PB1", obstacle)] }
        guard packages.variant != .nothingToDo else { return releases(packages) }
        let checks = PreflightChecks(facts: facts, move: move)
        let surroundings = SurroundingChecks(facts: facts, move: move)
        let cluster =
            checks.access + checks.controlPlanes(isOurs: true) + checks.webhooks
            + checks.selections + checks.workloads + surroundings.budgets + checks.roots
            + checks.outboundTraffic
            + checks.operators + networkAgents(surroundings) + surroundings.skew(inPlace: true)
            + surroundings.policies(movingTo: [BigBangPackages.gatewayNamespace])
            + surroundings.refusals + surroundings.room + checks.traffic + checks.platform
            + checks.lease
        return cluster + addresses(packages, facts) + releases(packages)
            + (try delivery(packages, view)) + (try trustDomain(packages, facts, view))
            + helmController(packages, facts) + (try routes(packages, view))
    }

    /// VirtualServices name the new gateways before there are any.
    func expects(_ error: AnalysisReport.Message, _ facts: PreflightFacts) -> Bool {
        error.code == "IST0101" && error.text.contains("istio-gateway/")
    }

    /// What the values say is known where no Secret may say otherwise.
    private func trustDomain(
        _ packages: BigBangPackages, _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        guard !packages.isPastStepOne else { return [] }
        guard let old = facts.trustDomain else {
            return [kept(move.trustTrouble(facts.trustDomains))]
        }
        let words = "the trust domain is \(old)"
        let said = try EffectiveValues(of: packages.parent, view)
            .trustDomain(of: packages.variant.controlPlaneValues)
        guard let said else {
            return old == TrustDomain.fallback
                ? [] : [.warn("P10", "\(words), which the new values have to say")]
        }
        return said == old
            ? [] : [kept("\(words), and the values of the new istiod say \(said)")]
    }

    private func kept(_ trouble: String) -> Finding {
        bigBang.settings.allowsNewTrustDomain ? .warn("P10", trouble) : .block("P10", trouble)
    }

    /// The operator prunes it in the middle of the takeover, and nothing of Big Bang's brings
    /// it back: from then on no pod of the mesh would start.
    private func networkAgents(_ surroundings: SurroundingChecks) -> [Finding] {
        surroundings.networkAgents.map { .block("P13", $0.words) }
    }

    private func addresses(_ packages: BigBangPackages, _ facts: PreflightFacts) -> [Finding] {
        guard !packages.isPastStepOne else { return [] }
        return facts.fronts.filter(\.isExternal).map(\.service).map { service in
            let address = service.loadBalancerAddress ?? "without an address"
            return .note("P16", "\(service.qualifiedName) (\(address)) gets another address")
        }
    }

    private func releases(_ packages: BigBangPackages) -> [Finding] {
        let version = packages.parent.deployed?.chartVersion ?? "unknown"
        let unwell = packages.all.filter { $0.state != .ready }
        guard packages.variant != .nothingToDo else {
            return [.note("PB1", "Big Bang \(version) has no operator: there is nothing to do")]
        }
        return unwell.map { .block("PB1", "HelmRelease \($0.name) is \($0.state)") }
            + (packages.istio == nil && !packages.isPastStepOne
                ? [.block("PB1", "there is no HelmRelease istio, and no new control plane either")]
                : [])
    }

    private func delivery(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        guard !packages.isPastStepTwo, packages.variant != .nothingToDo else { return [] }
        let source = try EnvironmentSource(packages, view)
        let obstacle = try ValuesDelivery(stage: .one, bigBang: bigBang).obstacle(packages, view)
        if let obstacle { return [.block("PB2", obstacle)] }
        return charts(packages) + suspension(source)
    }

    /// Only what 2.54 does about a Helm repository is known.
    private func charts(_ packages: BigBangPackages) -> [Finding] {
        guard packages.comesFromHelmRepository else { return [] }
        guard packages.isMinor("2.54") else {
            return [
                .warn(
                    "PB2",
                    "packages come from a HelmRepository: see that istioGateway.helmRepo.chartName "
                        + "is a chart that is in it")
            ]
        }
        return [
            .note("PB2", "the packages come from a HelmRepository: the gateways' chart is named")
        ]
    }

    private func suspension(_ source: EnvironmentSource) -> [Finding] {
        guard source.kustomization != nil, bigBang.settings.delivery == .override else { return [] }
        return [
            .warn("PB2", "\(source.label) is suspended while our values are laid over git's")
        ]
    }

    /// From 1.2.0 on helm-controller takes objects over that others have made.
    private func helmController(_ packages: BigBangPackages, _ facts: PreflightFacts) -> [Finding] {
        guard !packages.isPastStepOne else { return [] }
        let controller = facts.deployments.first { $0.name == "helm-controller" }
        let image = controller?.template["spec"]?.items("containers").first?["image"]?.string
        guard let tag = imageTag(of: image ?? "") else {
            return [.warn("PB3", "it can't be seen which version helm-controller has")]
        }
        let numbers = tag.drop { $0 == "v" }.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) < (1, 2) else { return [] }
        return [.block("PB3", "helm-controller is \(tag), which takes over nothing (1.2.0 does)")]
    }

    private func routes(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        guard !packages.isPastStepTwo else { return [] }
        let unprepared = try GatewayRoutes(view).unprepared.map(\.qualifiedName)
        guard !unprepared.isEmpty else { return [] }
        return bigBang.settings.leavesRoutesAlone
            ? [.warn("PB4", "only the old gateways lead to \(unprepared.summary)")]
            : [.note("PB4", "the new gateways will be named in \(unprepared.summary)")]
    }
}
