import FleetModel

/// I6: gateways have their address and a ready endpoint, as far as they had before.
struct ServingGateways: Invariant {
    static let kind = InvariantKind.gateways

    /// What each Service lacks to lead anywhere, by its name; `nil` for nothing.
    private let services: [String: String?]
    /// Where clients find each Service from outside.
    private let addresses: [String: Set<String>]
    /// The Services that led to gateways, and that no step may cut off.
    private let serving: [String]
    /// The move's own, where they must serve by now.
    private let expected: [String]

    static func readings(_ watch: StepWatch) -> [Reading] {
        .paths([APIPath.services, APIPath.endpointSlices[0], APIPath.pods])
    }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let objects = try view.list(APIPath.services)
        let endpoints = try view.endpoints()
        let lacks = objects.map { ($0.qualifiedName, $0.gatewayLack(endpoints)) }
        let services = Dictionary(lacks) { first, _ in first }
        let (move, excusesOld) = (watch.move, watch.excuses(.oldGateways))
        serving = MeshGateway.all(
            services: objects, pods: try view.pods(),
            endpoints: endpoints
        ).filter { gateway in
            let isOld = gateway.pods.allSatisfy { $0.proxy?.revision == move.old }
            return gateway.readyEndpoints > 0 && !gateway.lacksAddress && !(isOld && excusesOld)
        }.map(\.service.qualifiedName)
        let must = watch.place.hasGateways && !watch.isWaived("P16")
        expected = must ? move.gateways.flatMap { Self.entrances(of: $0, among: objects) } : []
        self.services = services
        let found = objects.map { ($0.qualifiedName, $0.loadBalancerAddresses) }
        addresses = Dictionary(found) { first, _ in first }
    }

    /// One that somebody brought is known by what it selects.
    private static func entrances(of gateway: NewGateway, among services: [JSON]) -> [String] {
        guard !gateway.bringsService else { return ["\(gateway.namespace)/\(gateway.service)"] }
        return services.filter(gateway.isEntered).map(\.qualifiedName)
    }

    /// Where clients found the Services that no step may cut off.
    var kept: JSON {
        let found = serving.map { ($0, JSON(addresses[$0] ?? [])) }
        return .object(Dictionary(found) { first, _ in first })
    }

    init?(kept: JSON) {
        guard let found = kept.object else { return nil }
        addresses = found.compactMapValues { $0.texts.map(Set.init) }
        guard addresses.count == found.count else { return nil }
        (serving, services, expected) = (found.keys.sorted(), [:], [])
    }

    func violations(since before: ServingGateways?) -> [Violation] {
        // Two gateways may stand behind one Service.
        Set(before?.serving ?? expected).sorted().compactMap { name in
            guard let found = services[name] else { return violation("Service \(name) is gone") }
            if let lack = found { return violation("Service \(name) \(lack)") }
            return before.flatMap { hasMoved(name, since: $0) }
                .map { violation("Service \(name) \($0)") }
        }
    }

    /// Clients that know an address find nobody there once it is another's.
    private func hasMoved(_ name: String, since before: ServingGateways) -> String? {
        let (then, now) = (before.addresses[name] ?? [], addresses[name] ?? [])
        guard !then.isEmpty, then.isDisjoint(with: now) else { return nil }
        return "is not at \(then.sorted().summary) any more"
    }

    private func violation(_ claim: String) -> Violation {
        Violation(kind: Self.kind, claim: claim, tolerance: Violation.restart)
    }
}

extension JSON {
    /// Why clients of a gateway's Service get nowhere, to end a sentence with.
    fileprivate func gatewayLack(_ endpoints: Endpoints) -> String? {
        if spec["type"]?.string == "LoadBalancer", loadBalancerAddress == nil {
            return "has no address"
        }
        return endpoints.ready(name, in: namespace) == 0 ? "has no ready endpoint" : nil
    }
}
