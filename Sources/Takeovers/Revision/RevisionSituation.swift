import FleetModel

/// One cluster's part in a takeover: the move, and the releases or the profile it is made of.
struct RevisionSituation: Sendable {
    let move: Move
    let settings: RevisionSettings
    /// What the new istiod is given, besides its revision: values of the chart, or the `spec`
    /// of an IstioOperator, which says the same under `meshConfig`.
    let values: JSON?
    /// What istioctl installs from, as text; `nil` when Helm does it.
    let profile: String?

    init(_ situation: Situation) {
        let takeover = situation.takeover
        settings = RevisionSettings(takeover)
        switch settings.installer {
        case .helm:
            profile = nil
            values = takeover.manifests[RevisionRunbook.valuesRole].flatMap { JSON(parsing: $0) }
        case .istioctl:
            profile = takeover.manifests[RevisionRunbook.profileRole]
            values = profile.flatMap { JSON(parsing: $0) }?.spec
        }
        let gateways = settings.gateways.map { release in
            NewGateway(
                namespace: release.namespace, deployment: release.name, service: release.name,
                standIn: release.way == .canary ? release.standIn(for: takeover.revision) : nil)
        }
        move = Move(situation, gateways: gateways, activation: .selections)
    }

    var istioctl: Istioctl { Istioctl(cluster: move.situation.cluster) }

    /// What the new control plane is told to call its trust domain; `nil` leaves it to Istio.
    var trustDomain: String? { values?[path: ["meshConfig", "trustDomain"]]?.nonEmpty }

    var continuity: MeshContinuity {
        MeshContinuity(move: move, asked: OutboundTraffic.asked(of: values))
    }

    var newControlPlane: ReleaseUpgrade? {
        settings.chart(.istiod).map { chart in
            ReleaseUpgrade(
                release: release(move.newName("istiod"), in: "istio-system"), chart: chart,
                values: values, setting: [("revision", move.revision.rawValue)], mayInstall: true,
                mayRecover: settings.mayRecover)
        }
    }

    var oldControlPlane: ChartRelease { release(settings.oldRelease, in: "istio-system") }

    /// The release with the definitions of resources; `nil` when somebody else keeps them.
    func base(setting: [(String, String)] = []) -> ReleaseUpgrade? {
        settings.chart(.base).map { chart in
            ReleaseUpgrade(
                release: release("istio-base", in: "istio-system"), chart: chart, setting: setting,
                mayRecover: settings.mayRecover)
        }
    }

    func release(of gateway: NewGateway) -> ChartRelease {
        release(gateway.deployment, in: gateway.namespace)
    }

    /// The release of an agent of the nodes; `nil` when the takeover leaves it alone.
    ///
    /// ztunnel asks the istiod of a revision, and so has to be given the new one; the CNI's agent
    /// asks none.
    func upgrade(ofAgent agent: RevisionChart) -> ReleaseUpgrade? {
        settings.chart(agent).map { chart in
            let place = settings.agent(agent)
            var release = release(place.name, in: place.namespace)
            release.waits = false
            return ReleaseUpgrade(
                release: release, chart: chart,
                setting: agent == .ztunnel ? [("revision", move.revision.rawValue)] : [],
                mayRecover: settings.mayRecover)
        }
    }

    /// The way of a release back to what it was before it named the new revision.
    func comeback(of release: ChartRelease) -> ReleaseReturn {
        ReleaseReturn(
            release: release, revision: move.revision, mayRecover: settings.mayRecover)
    }

    func upgrade(of gateway: NewGateway) -> ReleaseUpgrade? {
        settings.chart(.gateway).map { chart in
            ReleaseUpgrade(
                release: release(of: gateway), chart: chart,
                setting: [("revision", move.revision.rawValue)], mayRecover: settings.mayRecover)
        }
    }

    /// Those that are moved where they stand.
    var gatewaysInPlace: [NewGateway] { move.gateways.filter { $0.standIn == nil } }

    /// Those that are moved by a second release beside their own.
    var canaries: [GatewayCanary] { move.gateways.compactMap(canary) }

    func canary(of gateway: NewGateway) -> GatewayCanary? {
        guard let name = gateway.standIn, let own = upgrade(of: gateway) else { return nil }
        return GatewayCanary(
            move: move, gateway: gateway, own: own,
            standIn: release(name, in: gateway.namespace))
    }

    private func release(_ name: String, in namespace: String) -> ChartRelease {
        ChartRelease(
            name: name, namespace: namespace, helm: Helm(cluster: move.situation.cluster))
    }
}
