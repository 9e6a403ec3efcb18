import FleetModel

/// The VirtualServices behind the old gateways, and what the new ones will be called.
///
/// Istio ignores gateways that do not exist, so both can be named beforehand.
struct GatewayRoutes: Sendable {
    /// In the order of namespace and name.
    let services: [JSON]

    static let path = APIPath.virtualServices

    init(_ view: ClusterView) throws(Pause) {
        services = (try view.optionalList(Self.path) ?? [])
            .filter { !Self.oldGateways(of: $0).isEmpty }
            .sorted { $0.qualifiedName < $1.qualifiedName }
    }

    /// Those that no new gateway leads to yet.
    var unprepared: [JSON] { services.filter { !Self.missing(in: $0).isEmpty } }

    /// Those that were given gateways, as is noted on them.
    var noted: [JSON] { services.filter { RouteNote(on: $0) != nil } }

    /// What the packages call the gateway that stands for an old one: `istio-system/public`
    /// becomes `istio-gateway/public-ingressgateway`.
    static func successor(of gateway: String) -> String? {
        let parts = gateway.split(separator: "/")
        guard parts.count == 2, parts[0] == BigBangPackages.istioNamespace else { return nil }
        return "\(BigBangPackages.gatewayNamespace)/\(parts[1])-ingressgateway"
    }

    /// Likewise for gateways of either direction.
    static func successors(of gateway: String) -> [String] {
        guard let ingress = successor(of: gateway) else { return [] }
        return [ingress, ingress.replacing("-ingressgateway", with: "-egressgateway")]
    }

    /// The old gateways that routes lead through, each once and in order.
    var oldGateways: [String] { Set(services.flatMap(Self.oldGateways)).sorted() }

    func services(behind gateway: String) -> [JSON] {
        services.filter { Self.oldGateways(of: $0).contains(gateway) }
    }

    static func missing(in service: JSON) -> [String] {
        let gateways = service.spec.items("gateways").compactMap(\.string)
        return oldGateways(of: service).compactMap(successor).filter { !gateways.contains($0) }
    }

    private static func oldGateways(of service: JSON) -> [String] {
        service.spec.items("gateways").compactMap(\.string).filter { successor(of: $0) != nil }
    }
}
