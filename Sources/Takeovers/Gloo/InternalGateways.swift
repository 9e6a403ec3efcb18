import FleetModel

/// Services that only callers within the cluster use, and whose pods all go with the old
/// gateways: of an egress gateway, or of one behind a load balancer of another kind.
///
/// Neither DNS nor a selector leads such callers over, so they would be cut off unheard.
struct InternalGateways: Sendable {
    let services: [JSON]
    private let routes: [JSON]

    static let paths =
        GatewaySwitch.paths + [APIPath.istioOperators, APIPath.virtualServices]

    /// Leaves out those that lead to new gateways, or will.
    init(
        _ view: ClusterView, for move: Move,
        unless isLed: (GatewaySwitch.Front) -> Bool = { $0.hasNewPods }
    ) throws(Pause) {
        try view.require(Self.paths)
        let doomed = try DoomedGateways(view, for: move)
        let pods = try view.pods().filter(\.isAlive)
        routes = try view.optionalList(APIPath.virtualServices) ?? []
        services = try GatewaySwitch(view, for: move).fronts
            .filter { !$0.isExternal && !isLed($0) }.map(\.service)
            .filter { service in
                let selector = Selector(matchLabels: service.spec["selector"]?.strings ?? [:])
                let own = pods.filter {
                    $0.namespace == service.namespace && selector.matches($0.labels)
                }
                return !own.isEmpty && own.allSatisfy(doomed.contains)
            }
    }

    /// The VirtualServices that send requests to a Service, in order.
    func routes(to service: JSON) -> [String] {
        routes.filter { $0.destinations.contains { $0.isName(of: service) } }
            .map(\.qualifiedName).sorted()
    }
}

/// A host of a route, and the namespace that completes a short one.
private struct RouteDestination {
    let host: String
    let namespace: String

    func isName(of service: JSON) -> Bool {
        if host == service.name { return namespace == service.namespace }
        let name = "\(service.name).\(service.namespace)"
        return host == name || host == "\(name).svc" || host.hasPrefix("\(name).svc.")
    }
}

extension JSON {
    fileprivate var destinations: [RouteDestination] {
        let rules = ["http", "tls", "tcp"].flatMap { spec.items($0) }
        let targets = rules.flatMap { rule in
            (rule.items("route") + rule.items("mirrors")).map { $0["destination"] ?? .null }
                + [rule["mirror"] ?? .null]
        }
        return targets.compactMap { $0["host"]?.nonEmpty }
            .map { RouteDestination(host: $0, namespace: namespace) }
    }
}
