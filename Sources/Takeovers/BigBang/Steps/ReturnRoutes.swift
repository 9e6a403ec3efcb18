import FleetModel

/// Takes the new gateways out of the VirtualServices that were given them.
struct ReturnRoutes: StepRecipe {
    static let outline = StepOutline(
        "return-routes", title: "take the new gateways out of the VirtualServices again")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(GatewayRoutes.paths)
        let noted = try GatewayRoutes(view).noted.map(\.qualifiedName)
        guard !noted.isEmpty else { return .done("no VirtualService has gateways of ours") }
        return .notDone("gateways that nobody needs are named in \(noted.summary)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try GatewayRoutes(view).noted.map { service in
            let patch = JSONPatch.against(resourceVersion: service.resourceVersion)
            return removal(
                RouteNote(on: service)?.removing(from: service, in: patch) ?? patch,
                from: service.name, in: service.namespace)
        }
    }

    private func removal(
        _ patch: JSONPatch, from name: String, in namespace: String
    ) -> Command {
        bigBang.kubectl.patch(
            "virtualservices.networking.istio.io", name, in: namespace, with: patch,
            purpose: "take the new gateways out of \(name)")
    }

    var preview: StepPreview {
        let patch = JSONPatch.against(resourceVersion: "<resourceVersion>")
            .setting("/spec/gateways", to: "<those of before>").removing(RouteNote.pointer)
        return StepPreview(
            reads: .paths(GatewayRoutes.paths),
            acts: [removal(patch, from: "<name>", in: "<namespace>")],
            proof: "no VirtualService has the annotation \(RouteNote.annotation)")
    }
}
