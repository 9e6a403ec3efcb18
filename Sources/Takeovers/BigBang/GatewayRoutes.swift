import FleetModel

/// The VirtualServices behind the old gateways, and what the new ones will be called.
///
/// Istio ignores gateways that do not exist, so both can be named beforehand.
struct GatewayRoutes: Sendable {
    /// In the order of namespace and name.
    let services: [JSON]
    /// Which way the old gateways lead that somebody knows of, by their names.
    private let directions: [String: Direction]

    private enum Direction: String, CaseIterable {
        case ingress, egress
    }

    /// Step 1 takes the old Gateways away, and from then on only the baseline has them.
    static let paths = [APIPath.virtualServices, APIPath.gateways, Baseline.path]

    init(_ view: ClusterView) throws(Pause) {
        services = (try view.optionalList(APIPath.virtualServices) ?? [])
            .filter { !Self.oldGateways(of: $0).isEmpty }
            .sorted { $0.qualifiedName < $1.qualifiedName }
        let there = try view.optionalList(APIPath.gateways) ?? []
        let saved = try Baseline.saved(view)?.objects(of: "Gateway") ?? []
        directions = Dictionary(
            (there + saved).map { ($0.qualifiedName, Self.direction(of: $0)) }
        ) { first, _ in first }
    }

    /// The pods that a Gateway selects are labelled `egressgateway` where it leads outwards.
    private static func direction(of gateway: JSON) -> Direction {
        let labels = gateway.spec["selector"]?.strings ?? [:]
        return labels.contains { $0.value.contains("egress") } ? .egress : .ingress
    }

    /// Those that no new gateway leads to yet.
    var unprepared: [JSON] { services.filter { !missing(in: $0).isEmpty } }

    /// Those that were given gateways, as is noted on them.
    var noted: [JSON] { services.filter { RouteNote(on: $0) != nil } }

    /// What the packages call the gateway that stands for an old one: `istio-system/public`
    /// becomes `istio-gateway/public-ingressgateway`. Of one that nobody knows any more it may be
    /// either, the likelier one first.
    func successors(of gateway: String) -> [String] {
        guard let name = Self.oldName(gateway) else { return [] }
        return (directions[gateway].map { [$0] } ?? Direction.allCases).map { direction in
            "\(BigBangPackages.gatewayNamespace)/\(name)-\(direction.rawValue)gateway"
        }
    }

    /// The old gateways that routes lead through, each once and in order.
    var oldGateways: [String] { Set(services.flatMap(Self.oldGateways)).sorted() }

    func services(behind gateway: String) -> [JSON] {
        services.filter { Self.oldGateways(of: $0).contains(gateway) }
    }

    /// The hosts that a new gateway serves.
    func hosts(behind successor: String) -> [String] {
        let routes = services.filter { service in
            Self.gateways(of: service).contains {
                $0 == successor || successors(of: $0).contains(successor)
            }
        }
        return Set(routes.flatMap { $0.spec.items("hosts").compactMap(\.string) }).sorted()
    }

    /// The new gateways that a route has to name yet.
    func missing(in service: JSON) -> [String] {
        let named = Self.gateways(of: service)
        return Self.oldGateways(of: service).compactMap { gateway in
            let successors = successors(of: gateway)
            return successors.contains(where: named.contains) ? nil : successors.first
        }
    }

    private static func oldGateways(of service: JSON) -> [String] {
        var seen: Set<String> = []
        return gateways(of: service).filter { oldName($0) != nil && seen.insert($0).inserted }
    }

    /// A name without a namespace means one of the route's own; `mesh` means every sidecar.
    private static func gateways(of service: JSON) -> [String] {
        service.spec.items("gateways").compactMap(\.string).filter { $0 != "mesh" }.map { name in
            name.contains("/") ? name : "\(service.namespace)/\(name)"
        }
    }

    private static func oldName(_ gateway: String) -> Substring? {
        let parts = gateway.split(separator: "/")
        guard parts.count == 2, parts[0] == BigBangPackages.istioNamespace else { return nil }
        return parts[1]
    }
}
