import FleetModel

/// Makes sure that the new gateways run the new version and have an address (B09).
struct GatewaysUp: StepRecipe {
    /// From here on the cluster may be left: everything serves again.
    static let outline = StepOutline(
        "gateways-up", title: "see the new gateways run and get their addresses",
        interrupt: .finishOrRollBack)
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private var chance: SecondChance { SecondChance("gateways", bigBang) }

    private static let paths = [
        APIPath.deployments, APIPath.pods, APIPath.services, BroughtVersion.path,
    ]
    private var certificates: GatewayCertificates { GatewayCertificates(kubectl: bigBang.kubectl) }
    private var readings: [Reading] {
        [BigBangPackages.reading] + .paths(Self.paths + GatewaySuccession.paths)
            + certificates.readings
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(readings)
        let packages = try BigBangPackages(view)
        guard !packages.gateways.isEmpty else {
            return .partial("there is no HelmRelease of a gateway yet")
        }
        for release in packages.gateways {
            if let lack = try lack(of: release, view) { return lack }
        }
        let certificates = try certificates.look(view)
        if let lack = try lack(certificates, view) { return lack }
        let names = packages.gateways.map(\.name).summary
        let version = try BroughtVersion(view, for: bigBang.move).version
        return .done("\(names) runs \(version) and has an address\(certificates.words)")
    }

    /// What no gateway has though users need it; what comes a little later is waited for.
    private func lack(
        _ certificates: GatewayCertificates.Finding, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        var missing = try GatewaySuccession(bigBang: bigBang).missing(view)
        if case .missing(let names) = certificates { missing += names }
        guard !missing.isEmpty else { return nil }
        let item = "missing: \(missing.joined(separator: "; "))"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: .minutes(1), fingerprint: "")
        }
        throw .terminal(
            "\(item). Gateways and their certificates come with the values of `istioGateway` "
                + "(`gateways`, `gatewayCerts`); a gateway that is to go is named in "
                + "goneGateways")
    }

    /// What one gateway still lacks; `nil` when nothing.
    private func lack(of release: HelmRelease, _ view: ClusterView) throws(Pause) -> Observation? {
        let place = "\(release.targetNamespace)/\(release.name)"
        guard
            let deployment = try view.list(APIPath.deployments).first(where: {
                $0.qualifiedName == place
            })
        else { return try absence(of: release, "Deployment \(place) is not there yet") }
        if let complaint = Rollout(of: deployment, kind: "Deployment").complaint {
            return try absence(of: release, "Deployment \(place): \(complaint)")
        }
        if let stale = try stalePod(of: deployment, view) {
            return .notDone("\(stale.object.qualifiedName) came up \(stale.words)")
        }
        guard
            let service = try view.list(APIPath.services).first(where: {
                $0.qualifiedName == place
            }), service.loadBalancerAddress != nil || service.spec["type"]?.string != "LoadBalancer"
        else {
            let lack = try ServiceEvents.addressLack(
                of: release.name, in: release.targetNamespace, view)
            return .partial("\(lack): see whether a load balancer may be made")
        }
        guard case .ready = chance.state(of: release) else { return try absence(of: release, "") }
        return try GatewayHealth(bigBang.move).probeLack(of: place, view).map { .partial($0) }
    }

    /// Something is missing: the release may say why, and that it won't come.
    private func absence(of release: HelmRelease, _ lack: String) throws(Pause) -> Observation {
        let state = chance.state(of: release)
        let words = "HelmRelease \(release.name) is \(state)"
        if chance.isDue(for: release) { return .notDone(words) }
        switch state {
        case .stalled, .failed, .suspended: throw .terminal(words)
        default: return .partial(lack.isEmpty ? words : "\(lack); \(words)")
        }
    }

    /// The chart leaves the image to the injector, which may have been an old one.
    private func stalePod(of deployment: JSON, _ view: ClusterView) throws(Pause) -> Pod? {
        let labels = deployment.spec[path: ["selector", "matchLabels"]]?.strings ?? [:]
        let move = try BroughtVersion(view, for: bigBang.move).move
        return try view.pods().first { pod in
            pod.namespace == deployment.namespace && pod.isAlive && !pod.isTerminating
                && Selector(matchLabels: labels).matches(pod.labels)
                && pod.proxy.map(move.isOnTarget) != true
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let gateways = try BigBangPackages(view).gateways
        var commands = gateways.filter(chance.isDue).map { chance.command($0.name) }
        for release in gateways {
            let deployment = try view.list(APIPath.deployments).first {
                $0.qualifiedName == "\(release.targetNamespace)/\(release.name)"
            }
            guard let deployment, try stalePod(of: deployment, view) != nil else { continue }
            commands.append(restart(release.name, in: release.targetNamespace))
        }
        return commands
    }

    private func restart(_ name: String, in namespace: String) -> Command {
        bigBang.kubectl.change(
            ["-n", namespace, "rollout", "restart", "deployment/\(name)"],
            purpose: "restart the gateway \(name)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: readings,
            acts: [
                chance.command("<gateway>"),
                restart("<gateway>", in: BigBangPackages.gatewayNamespace),
            ],
            proof: "every gateway's release is ready, its pods run the version of istiod, and its "
                + "Service has an address; every old gateway has a successor, with the "
                + "certificates that it asks for. A gateway is restarted only when it came up with "
                + "another version; a release that Flux has given up gets one more try")
    }
}

extension GatewayCertificates.Finding {
    /// That nobody could look, to end a sentence with.
    fileprivate var words: String {
        guard case .unseen(let words) = self else { return "" }
        return "; its certificates were not looked at: \(words)"
    }
}

extension Pod {
    /// What it came up with, to end a sentence.
    fileprivate var words: String { proxy?.label ?? "without a proxy" }
}
