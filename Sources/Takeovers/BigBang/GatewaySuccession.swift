import FleetModel

/// Whether every gateway that went has a successor, and so every route that led through it.
struct GatewaySuccession: Sendable {
    let bigBang: BigBangSituation

    static let paths =
        [
            APIPath.services, APIPath.pods,
        ] + GatewayRoutes.paths

    /// What is missing, in words.
    func missing(_ view: ClusterView) throws(Pause) -> [String] {
        try view.require(Self.paths)
        let baseline = try Baseline.saved(view)
        return try missingServices(baseline, view) + missingGateways(baseline, view)
            + (baseline == nil ? [Baseline.lossWords] : [])
    }

    private func missingServices(
        _ baseline: Baseline?, _ view: ClusterView
    ) throws(Pause) -> [String] {
        let services = try view.list(APIPath.services)
        let orphans = MeshGateway.orphans(
            services: services, pods: try view.pods())
        // A load balancer that is none of the operator's has stayed.
        let there = Set(services.filter { !orphans.contains($0) }.map(\.qualifiedName))
        return (baseline?.addresses.keys.sorted() ?? []).compactMap { name in
            let successor = "\(BigBangPackages.gatewayNamespace)/\(name)"
            guard !bigBang.settings.goneGateways.contains(name), !there.contains(successor),
                !there.contains("\(BigBangPackages.istioNamespace)/\(name)")
            else { return nil }
            return "Service \(successor) in the place of \(BigBangPackages.istioNamespace)/\(name)"
        }
    }

    private func missingGateways(
        _ baseline: Baseline?, _ view: ClusterView
    ) throws(Pause) -> [String] {
        let there = Set(
            try (view.optionalList(APIPath.gateways) ?? []).filter { !$0.isTerminating }
                .map(\.qualifiedName))
        let routes = try GatewayRoutes(view)
        let old = (baseline?.objects(of: "Gateway").map(\.qualifiedName) ?? [])
        return Set(old + routes.oldGateways).sorted().compactMap { gateway in
            let successors = routes.successors(of: gateway)
            guard !there.contains(gateway), !isGone(successors) else { return nil }
            guard let first = successors.first, there.isDisjoint(with: successors) else {
                return nil
            }
            let users = routes.services(behind: gateway).map(\.qualifiedName)
            let words = users.isEmpty ? "" : ", through which users get to \(users.summary)"
            return "Gateway \(first) in the place of \(gateway)\(words)"
        }
    }

    private func isGone(_ successors: [String]) -> Bool {
        successors.contains { successor in
            bigBang.settings.goneGateways.contains { successor.hasSuffix("/\($0)") }
        }
    }
}
