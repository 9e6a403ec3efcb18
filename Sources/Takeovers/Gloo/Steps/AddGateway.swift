import FleetModel

/// Has Gloo install gateways of the new revision.
struct AddGateway: StepRecipe {
    static let eastWest = StepOutline(
        "add-eastwest-gateway", title: "install the new east-west gateway")
    static let ingress = StepOutline(
        "add-ingress-gateway", title: "install the new ingress gateway")

    let outline: StepOutline
    let gloo: GlooSituation
    let managed: ManagedInstallation

    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try managed.refuseOtherVersion(view)
        let domain = try gloo.keptTrustDomain(view)
        guard let place = try managed.place(view) else {
            try refuseCollisions(view)
            _ = try gloo.neededTrustDomain(view)
            return .notDone("\(gloo.registeredName) is not in \(managed.manifest.label)")
        }
        try refuseOtherDomain(than: domain, place)
        if let trouble = managed.trouble(place, view) { return trouble }
        if let lack = try GatewayHealth(gloo.move).lack(of: gateways, view) {
            return .partial("Gloo says HEALTHY, but \(lack)")
        }
        try refusePods(ofOtherDomainThan: domain, view)
        return .done("Gloo says HEALTHY, and \(managed.manifest.gatewayNames) can be reached")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let domain = try gloo.neededTrustDomain(view)
        return [try managed.addition(of: entry(trustDomain: domain), view)]
    }

    private var gateways: [NewGateway] {
        managed.manifest.gateways.map { $0.running(gloo.revision) }
    }

    /// Clients of the old gateways would see the new one at once.
    private func refuseCollisions(_ view: ClusterView) throws(Pause) {
        guard gloo.move.situation.cluster.waivers?["P16"] == nil else { return }
        let fronts = try GatewaySwitch(view, for: gloo.move).fronts
        let collisions = GatewayCollisions(gloo.move, gateways: gateways, fronts: fronts)
        if let complaint = collisions.complaints.first { throw .terminal(complaint) }
    }

    private func refuseOtherDomain(
        than domain: String?, _ place: ManagedInstallation.Place
    ) throws(Pause) {
        guard let domain, let given = place.value["trustDomain"]?.nonEmpty, given != domain else {
            return
        }
        throw .terminal(
            "\(managed.manifest.label) gives \(gloo.registeredName) the trust domain \(given), "
                + "not \(domain)")
    }

    /// Policies and clients that know the gateway by its identity would refuse another one.
    private func refusePods(
        ofOtherDomainThan domain: String?, _ view: ClusterView
    ) throws(Pause) {
        guard let domain else { return }
        let pods = try pods(view)
        let others = pods.filter { TrustDomain.of(proxyIn: $0).map { $0 != domain } ?? false }
        guard let other = others.first else { return }
        let found = TrustDomain.of(proxyIn: other) ?? ""
        throw .terminal(
            "gateway \(other.qualifiedName) is of the trust domain \(found), not \(domain): set "
                + "trustDomain of \(gloo.registeredName) in \(managed.manifest.label)")
    }

    private func pods(_ view: ClusterView) throws(Pause) -> [JSON] {
        var pods: [JSON] = []
        for gateway in gateways {
            let deployment = try gloo.move.deployment(
                gateway.deployment, in: gateway.namespace, view)
            guard let selector = Selector(kubernetes: deployment?.spec["selector"]) else {
                continue
            }
            pods += try view.list(APIPath.pods).filter {
                $0.namespace == gateway.namespace && selector.matches($0.labels)
                    && Pod($0).isAlive && !$0.isTerminating
            }
        }
        return pods.sorted { $0.qualifiedName < $1.qualifiedName }
    }

    private func entry(trustDomain: String) -> JSON {
        [
            "name": .string(gloo.registeredName), "activeGateway": true,
            "trustDomain": .string(trustDomain),
        ]
    }

    var preview: StepPreview {
        let entry = entry(trustDomain: gloo.settings.trustDomain ?? "<old trust domain>")
        return StepPreview(
            reads: [managed.reading] + .paths(GatewaySwitch.paths),
            acts: managed.previewedAddition(of: entry),
            proof: "\(managed.manifest.label) says HEALTHY for \(gloo.registeredName); "
                + "\(managed.manifest.gatewayNames) is available, has an address and keeps the "
                + "trust domain",
            compensation: [managed.previewedRemoval])
    }
}

extension LifecycleManifest {
    var gatewayNames: String { gateways.map(\.name).summary }
}
