import FleetModel

/// Whether the gateways of the new revision run and can be reached.
struct GatewayHealth: Sendable {
    let move: Move

    init(_ move: Move) { self.move = move }

    /// What is missing first, as the end of a sentence; `nil` when nothing is.
    func lack(of gateways: [NewGateway], _ view: ClusterView) throws(Pause) -> String? {
        try view.require(gateways.flatMap(paths))
        for gateway in gateways {
            if let lack = try lack(of: gateway, view) { return lack }
        }
        return nil
    }

    private func lack(of gateway: NewGateway, _ view: ClusterView) throws(Pause) -> String? {
        let name = gateway.deployment
        guard let deployment = try move.deployment(name, in: gateway.namespace, view) else {
            return "Deployment \(gateway.namespace)/\(name) is not there yet"
        }
        if let complaint = Rollout(of: deployment, kind: "Deployment").complaint {
            return "Deployment \(name): \(complaint)"
        }
        guard try runsTarget(deployment, view) else {
            return "Deployment \(name) does not run \(move.target)"
        }
        return try serviceLack(of: gateway, view)
    }

    /// Whether the Deployment brings the right proxy: in its template, or by an injector, which
    /// only the pods show.
    private func runsTarget(_ deployment: JSON, _ view: ClusterView) throws(Pause) -> Bool {
        guard deployment.template.isGatewayToInject else {
            return Proxy(of: deployment.template).map(move.isOnTarget) ?? false
        }
        guard let selector = Selector(kubernetes: deployment.spec["selector"]) else { return false }
        let pods = try view.pods().filter {
            $0.namespace == deployment.namespace && $0.isAlive && !$0.isTerminating
                && selector.matches($0.labels)
        }
        return !pods.isEmpty && pods.allSatisfy { $0.proxy.map(move.isOnTarget) ?? false }
    }

    /// What keeps clients from coming in, whoever stands behind.
    func serviceLack(
        of gateway: NewGateway, _ view: ClusterView
    ) throws(Pause) -> String? {
        try view.require(paths(gateway))
        let entrances = try entrances(of: gateway, view)
        guard !entrances.isEmpty else { return "\(gateway.entrance) is not there yet" }
        for service in entrances where service.spec["type"]?.string == "LoadBalancer" {
            guard service.loadBalancerAddress != nil else {
                return try ServiceEvents.addressLack(
                    of: service.name, in: service.namespace, view)
            }
            guard !isPinnedElsewhere(service) else { continue }
            if let lack = try probeLack(of: service.qualifiedName, view) { return lack }
        }
        return nil
    }

    private func entrances(
        of gateway: NewGateway, _ view: ClusterView
    ) throws(Pause) -> [JSON] {
        guard !gateway.bringsService else {
            let path = Move.servicePath(gateway.service, in: gateway.namespace)
            return try view.object(path).map { [$0] } ?? []
        }
        return try view.list(APIPath.services).filter(gateway.isEntered)
            .sorted { $0.name < $1.name }
    }

    /// What is asked through it would be answered by another gateway.
    private func isPinnedElsewhere(_ service: JSON) -> Bool {
        let pins = (service.spec["selector"]?.strings ?? [:]).filter {
            service.unpinnedSelector[$0.key] == nil
        }
        return pins.values.contains { $0 != move.revision.rawValue }
    }

    /// Whether requests are served through the gateway's address, before DNS leads there.
    func probeLack(of service: String, _ view: ClusterView) throws(Pause) -> String? {
        let failure = try TrafficProbes(move).look(through: service, view).failures.first
        return failure.map { "\($0.url) through Service \(service) \($0.words)" }
    }

    private func paths(_ gateway: NewGateway) -> [String] {
        [
            Move.deploymentPath(gateway.deployment, in: gateway.namespace),
            gateway.bringsService
                ? Move.servicePath(gateway.service, in: gateway.namespace) : APIPath.services,
        ]
    }
}

extension JSON {
    /// Whether a pod's template is one of Istio's gateway chart, whose proxy an injector fills in.
    fileprivate var isGatewayToInject: Bool {
        annotations["inject.istio.io/templates"] == "gateway"
    }
}
