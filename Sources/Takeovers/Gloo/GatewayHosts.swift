import FleetModel

/// The names under which gateways serve, as far as Istio's configuration tells.
struct GatewayHosts: Sendable {
    private let gateways: [JSON]
    private let routes: [JSON]

    static let paths = [APIPath.gateways, APIPath.virtualServices]

    init(_ view: ClusterView) throws(Pause) {
        gateways = try view.optionalList(APIPath.gateways) ?? []
        routes = try view.optionalList(APIPath.virtualServices) ?? []
    }

    /// Those of some gateway pods, each once and in order.
    func names(of pods: [Pod]) -> [String] {
        let selected = gateways.filter { gateway in
            let labels = gateway.spec["selector"]?.strings ?? [:]
            return !labels.isEmpty
                && pods.contains { Selector(matchLabels: labels).matches($0.labels) }
        }
        let own = selected.flatMap { $0.spec.items("servers") }.flatMap { $0.items("hosts") }
        let names = Set(selected.map(\.qualifiedName))
        let routed = routes.filter { !Self.gateways(of: $0).isDisjoint(with: names) }
            .flatMap { $0.spec.items("hosts") }
        return Set((own + routed).compactMap(\.string).map(\.withoutNamespace).filter(\.isPublic))
            .sorted()
    }

    /// A name without a namespace means one of the route's own.
    private static func gateways(of route: JSON) -> Set<String> {
        Set(
            route.spec.items("gateways").compactMap(\.string).map { name in
                name.contains("/") ? name : "\(route.namespace)/\(name)"
            })
    }
}

extension String {
    /// A gateway's host may say which namespace's routes it takes: `shop/www.example.com`.
    fileprivate var withoutNamespace: String {
        split(separator: "/").last.map(String.init) ?? self
    }

    /// Whether it is a name, or a wildcard for names, that somebody's DNS may know.
    fileprivate var isPublic: Bool {
        let name = hasPrefix("*.") ? String(dropFirst(2)) : self
        return name.isHostName && name.contains(".")
            && !inside.contains { self == "*\($0)" || hasSuffix($0) }
    }
}

/// Ends of names that mean something in a mesh alone.
private let inside = [".local", ".global"]
