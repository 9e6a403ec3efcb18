import FleetModel

/// Looks once more at everything that has to be right when all is done.
struct FinalCheck: StepRecipe {
    static let outline = StepOutline(
        "final-check", title: "check proxies, webhooks, gateways and namespaces once more")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let pods = try view.pods().filter {
            $0.isAlive && $0.proxy != nil
        }
        let move = try move.seeing(pods, view)
        let old = pods.filter { pod in
            pod.proxy?.revision == move.old && pod.proxy.map(move.isOnTarget) == false
                && !move.settings.isWaived(pod)
        }.map(\.object.qualifiedName)
        guard old.isEmpty else { return .partial("on \(move.old): \(old.sorted().summary)") }
        if let complaint = try move.webhookComplaints(view).first { return .partial(complaint) }
        if let lack = try GatewayHealth(move).lack(of: move.gateways, view) {
            return .partial(lack)
        }
        try requireNamespaces(view)
        return .done(
            "\(pods.count) proxies, none on \(move.old); webhooks and gateways are well"
                + (try missingDefault(view)) + (try missingValidator(view))
                + (try staleAddresses(view)))
    }

    /// Whether there ever was one nothing tells any more.
    private func missingValidator(_ view: ClusterView) throws(Pause) -> String {
        let validators = try view.list(APIPath.validatingWebhooks)
        guard !validators.contains(where: ValidatorConfiguration.isDefault) else { return "" }
        return "; nobody checks configuration that names no revision (istiod-default-validator)"
    }

    /// Where namespaces were given names, the default injector went with the old revision.
    private func missingDefault(_ view: ClusterView) throws(Pause) -> String {
        guard move.activation == .selections, try move.injection(view).activeDefaults.isEmpty else {
            return ""
        }
        return "; new namespaces have to name \(move.revision): no injector answers to "
            + "istio-injection=enabled"
    }

    /// istiod tells the other clusters the address of every Service with this label, whether
    /// anybody is behind it or not.
    private func staleAddresses(_ view: ClusterView) throws(Pause) -> String {
        let label = "topology.istio.io/network"
        let endpoints = try view.endpoints()
        let names = try view.list(APIPath.services).filter {
            $0.labels[label] != nil && endpoints.ready($0.name, in: $0.namespace) == 0
        }.map(\.qualifiedName).sorted()
        guard !names.isEmpty else { return "" }
        return "; take \(label) off Service \(names.summary), which leads to nobody any more"
    }

    private var paths: [String] {
        [APIPath.pods, APIPath.namespaces] + Move.webhookPaths
    }

    private func requireNamespaces(_ view: ClusterView) throws(Pause) {
        let active = Set(
            try view.namespaces().filter(\.isActive)
                .map(\.name))
        let needed = move.home + move.gateways.map(\.namespace)
        let missing = needed.filter { !active.contains($0) }
        guard missing.isEmpty else {
            throw .terminal("protected namespaces are gone: \(missing.summary)")
        }
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            proof: "no proxy on \(move.old); every webhook has a Service with endpoints; "
                + "the new gateways have addresses")
    }
}
