import FleetModel

/// Names the new gateways in the VirtualServices, beside the old ones (B03).
struct PrepareRoutes: StepRecipe {
    static let outline = StepOutline(
        "prepare-routes", title: "name the new gateways in the VirtualServices, too")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading, .path(GatewayRoutes.path, on: .cluster)])
        guard try BigBangPackages(view).variant != .nothingToDo else {
            return .done(BigBangVariant.nothingToDoWords)
        }
        let routes = try GatewayRoutes(view)
        let names = routes.unprepared.map(\.qualifiedName).summary
        guard !routes.unprepared.isEmpty else {
            return .done("\(routes.services.count) VirtualServices name the new gateways")
        }
        guard !bigBang.settings.leavesRoutesAlone else {
            return .done("somebody else leads these to the new gateways: \(names)")
        }
        return .notDone("only the old gateways lead to \(names)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try GatewayRoutes(view).unprepared.map { service in
            addition(
                of: GatewayRoutes.missing(in: service), to: service.name, in: service.namespace,
                resourceVersion: service.resourceVersion)
        }
    }

    private func addition(
        of gateways: [String], to name: String, in namespace: String, resourceVersion: String
    ) -> Command {
        var patch = JSONPatch.against(resourceVersion: resourceVersion)
        for gateway in gateways {
            patch = patch.setting("/spec/gateways/-", to: .string(gateway))
        }
        return bigBang.kubectl.patch(
            "virtualservices.networking.istio.io", name, in: namespace, with: patch,
            purpose: "name the new gateways in \(name)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading] + .paths([GatewayRoutes.path]),
            acts: bigBang.settings.leavesRoutesAlone
                ? []
                : [
                    addition(
                        of: ["\(BigBangPackages.gatewayNamespace)/<gateway>-ingressgateway"],
                        to: "<name>", in: "<namespace>", resourceVersion: "<resourceVersion>")
                ],
            proof: "every VirtualService of an \(BigBangPackages.istioNamespace) gateway names its "
                + "successor, too")
    }
}
