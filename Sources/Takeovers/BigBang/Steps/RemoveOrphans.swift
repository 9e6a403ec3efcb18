import FleetModel

/// Removes load balancers of the old gateways that lead to nobody any more (B12).
struct RemoveOrphans: StepRecipe {
    static let outline = StepOutline(
        "remove-orphans", title: "remove load balancers that lead to nobody")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private static let paths = [APIPath.services, APIPath.pods]

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(Self.paths)
        let orphans = try orphans(view)
        guard !orphans.isEmpty else { return .done("no load balancer is left over") }
        let names = orphans.map { service in
            "\(service.qualifiedName) (\(service.loadBalancerAddress ?? "no address"))"
        }.summary
        guard bigBang.settings.removesOrphans else {
            return .done("left over, and paid for: \(names); \"orphans: delete\" removes them")
        }
        if orphans.allSatisfy(\.isTerminating) { return .partial("\(names) is going") }
        return .notDone("left over: \(names)")
    }

    private func orphans(_ view: ClusterView) throws(Pause) -> [JSON] {
        MeshGateway.orphans(
            services: try view.list(APIPath.services)
                .filter { $0.namespace == BigBangPackages.istioNamespace },
            pods: try view.pods())
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try orphans(view).filter { !$0.isTerminating }.map { deletion($0.name) }
    }

    private func deletion(_ name: String) -> Command {
        bigBang.kubectl.delete(
            "service", [name], in: BigBangPackages.istioNamespace,
            purpose: "remove the load balancer \(name), which leads to nobody")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(Self.paths),
            acts: bigBang.settings.removesOrphans ? [deletion("<service>")] : [],
            proof: "no Service of type LoadBalancer that the operator made is left in "
                + BigBangPackages.istioNamespace)
    }
}
