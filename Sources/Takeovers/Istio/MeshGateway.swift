import FleetModel

/// A Service through which clients reach gateway proxies, and the pods behind it.
struct MeshGateway: Hashable, Sendable {
    let service: JSON
    /// Alive gateway pods that the Service selects, in the order of their names.
    let pods: [Pod]
    let readyEndpoints: Int

    var type: String { service.spec["type"]?.nonEmpty ?? "ClusterIP" }

    /// Where clients outside find it; `nil` when no load balancer has given it any yet.
    var address: String? { service.loadBalancerAddress }

    /// Whether it should have an address that it does not have.
    var lacksAddress: Bool { type == "LoadBalancer" && address == nil }

    /// Whether its pods can be told apart by revision, and which it is pinned to.
    var pin: String? {
        let selector = service.spec["selector"]?.strings ?? [:]
        return selector["revision"] ?? selector[IstioLabel.revision]
    }

    /// The Services with gateways behind them, in order. A Service selects pods of its
    /// own namespace only.
    static func all(services: [JSON], pods: [Pod], endpoints: Endpoints) -> [MeshGateway] {
        let gateways = pods.filter { $0.isAlive && $0.proxy?.kind == .gateway }
        let byNamespace = Dictionary(grouping: gateways, by: \.namespace)
        return services.sorted { $0.qualifiedName < $1.qualifiedName }.compactMap { service in
            let selected = service.selected(among: byNamespace[service.namespace] ?? [])
            guard !selected.isEmpty else { return nil }
            return MeshGateway(
                service: service, pods: selected.sorted { $0.name < $1.name },
                readyEndpoints: endpoints.ready(service.name, in: service.namespace))
        }
    }

    /// Load balancers that an Istio operator made and that lead to nobody any more: they
    /// cost money and keep an address.
    static func orphans(services: [JSON], pods: [Pod]) -> [JSON] {
        let byNamespace = Dictionary(grouping: pods.filter(\.isAlive), by: \.namespace)
        return services.filter { service in
            service.spec["type"]?.string == "LoadBalancer" && service.isOperatorMade
                && service.selected(among: byNamespace[service.namespace] ?? []).isEmpty
        }.sorted { $0.qualifiedName < $1.qualifiedName }
    }
}

extension JSON {
    /// The pods a Service leads to; one without a selector leads to none of itself.
    fileprivate func selected(among pods: [Pod]) -> [Pod] {
        let selector = spec["selector"]?.strings ?? [:]
        guard !selector.isEmpty else { return [] }
        return pods.filter { Selector(matchLabels: selector).matches($0.labels) }
    }

    fileprivate var isOperatorMade: Bool {
        owningOperator != nil
            || labels["operator.istio.io/component"]?.hasSuffix("Gateways") == true
    }
}
