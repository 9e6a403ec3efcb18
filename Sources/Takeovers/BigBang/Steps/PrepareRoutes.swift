import FleetModel

/// Names the new gateways in the VirtualServices, beside the old ones (B03).
///
/// Days may pass between the phases, so it is looked at once more right before step 1. By then
/// others have to have done it, if it is they who do.
struct PrepareRoutes: StepRecipe {
    static let outline = StepOutline(
        "prepare-routes", title: "name the new gateways in the VirtualServices, too")
    let bigBang: BigBangSituation
    var isLastLook = false

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading] + .paths(GatewayRoutes.paths))
        let packages = try BigBangPackages(view)
        let routes = try GatewayRoutes(view)
        let names = routes.unprepared.map(\.qualifiedName).summary
        guard !routes.unprepared.isEmpty else {
            return .done("\(routes.services.count) VirtualServices name the new gateways")
        }
        guard !bigBang.settings.leavesRoutesAlone else {
            if isLastLook, !packages.isPastStepOne { throw .terminal(Self.dueWords(names)) }
            return .done("somebody else leads these to the new gateways: \(names)")
        }
        return .notDone("only the old gateways lead to \(names)")
    }

    /// Behind an old gateway alone users get nowhere once it is gone.
    private static func dueWords(_ names: String) -> String {
        "only the old gateways lead to \(names), and they go now: let those who keep these name "
            + "the new gateways, too, and resume"
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let routes = try GatewayRoutes(view)
        return routes.unprepared.map { service in
            addition(of: routes.missing(in: service), to: service)
        }
    }

    private func addition(of gateways: [String], to service: JSON) -> Command {
        let patch = JSONPatch.against(resourceVersion: service.resourceVersion)
        return bigBang.kubectl.patch(
            "virtualservices.networking.istio.io", service.name, in: service.namespace,
            with: RouteNote(of: gateways).adding(to: service, in: patch),
            purpose: "name the new gateways in \(service.name)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading] + .paths(GatewayRoutes.paths),
            acts: bigBang.settings.leavesRoutesAlone
                ? []
                : [
                    addition(
                        of: ["\(BigBangPackages.gatewayNamespace)/<gateway>-ingressgateway"],
                        to: Self.anyService)
                ],
            proof: "every VirtualService of an \(BigBangPackages.istioNamespace) gateway names its "
                + "successor, too",
            compensation: bigBang.settings.leavesRoutesAlone
                ? [] : ReturnRoutes(bigBang: bigBang).preview.acts)
    }

    private static let anyService: JSON = [
        "metadata": [
            "namespace": "<namespace>", "name": "<name>", "resourceVersion": "<resourceVersion>",
            "annotations": [:],
        ]
    ]
}
