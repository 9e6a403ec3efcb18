import FleetModel

/// Looks once more at everything that has to be right when all is done.
struct FinalCheck: StepRecipe {
    static let outline = StepOutline(
        "final-check", title: "check proxies, webhooks, gateways and namespaces once more")
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let pods = try view.list(APIPath.pods).map(Pod.init).filter {
            $0.isAlive && $0.proxy != nil
        }
        let old = pods.filter { $0.proxy?.revision == gloo.old && !gloo.settings.isWaived($0) }
            .map(\.object.qualifiedName)
        guard old.isEmpty else { return .partial("on \(gloo.old): \(old.sorted().summary)") }
        if let complaint = try gloo.webhookComplaints(view).first { return .partial(complaint) }
        if let lack = try GatewayHealth(gloo).lack(of: gloo.newGateways, view) {
            return .partial(lack)
        }
        try requireNamespaces(view)
        return .done("\(pods.count) proxies, none on \(gloo.old); webhooks and gateways are well")
    }

    private var paths: [String] {
        [APIPath.pods, APIPath.namespaces] + GlooSituation.webhookPaths
    }

    private func requireNamespaces(_ view: ClusterView) throws(Pause) {
        let active = Set(
            try view.list(APIPath.namespaces).map(MeshNamespace.init).filter(\.isActive)
                .map(\.name))
        let needed =
            ["istio-system", "gm-iop-\(gloo.revision)"]
            + gloo.newGateways.map(\.namespace)
        let missing = needed.filter { !active.contains($0) }
        guard missing.isEmpty else {
            throw .terminal("protected namespaces are gone: \(missing.summary)")
        }
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            proof: "no proxy on \(gloo.old); every webhook has a Service with endpoints; "
                + "the new gateways have addresses")
    }
}
