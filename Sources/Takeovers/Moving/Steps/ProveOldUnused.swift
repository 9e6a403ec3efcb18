import FleetModel

/// Proves that nothing needs the old revision any more, twice.
struct ProveOldUnused: StepRecipe {
    static let outline = StepOutline(
        "prove-old-unused", title: "prove that nothing uses the old revision")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        switch try OldRevisionUse(move).verdict(view) {
        case .unused: return try proof(view)
        case .ending(let words): return .partial(words)
        case .used(let words): return .failed(Failure(.terminal, words))
        }
    }

    private func proof(_ view: ClusterView) throws(Pause) -> Observation {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard planes.contains(where: { $0.revision == move.old }) else {
            return .done("nothing of \(move.old) is left to be used")
        }
        let connected = try ConnectedProxies(view, of: move)
        guard connected.strangers.isEmpty else {
            return .partial(connected.words)
        }
        let item = "\(move.old) is unused"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: move.settings.proofHold, fingerprint: "")
        }
        return .done(
            "no proxy, namespace, template, tag, Service or probe leads to \(move.old) "
                + (connected.silence.map { "(by the API server alone: \($0))" }
                    ?? "(its istiods say so, too)") + (try unproven(view)))
    }

    /// What the proof takes somebody's word for: gateways elsewhere have an address of their
    /// own, and whether clients still come in there shows nowhere in the cluster.
    private func unproven(_ view: ClusterView) throws(Pause) -> String {
        guard !isAcknowledged else { return "" }
        let names = try GatewaySwitch(view, for: move).fronts.filter(\.isElsewhere)
            .map(\.service.qualifiedName)
        return names.isEmpty ? "" : "; not proven: that clients have left \(names.summary)"
    }

    /// Whether gateways may stand in other namespaces than the old ones.
    private var hasClientsElsewhere: Bool {
        let settings = GlooSettings(move.takeover.parameters)
        return settings.leavesGatewaysAlone || settings.leadsByDNS
    }

    /// Whether somebody had to say that clients find the new addresses.
    private var isAcknowledged: Bool {
        let parameters = move.takeover.parameters
        return GlooSettings(parameters).leadsByDNS && !AddressSettings(parameters).leavesDNSAlone
    }

    var preview: StepPreview {
        StepPreview(
            reads: OldRevisionUse.previewed(move),
            proof:
                "twice, \(move.settings.proofHold.short) apart: no proxy, namespace, template, "
                + "tag, Service or dry-run pod leads to \(move.old)"
                + (isAcknowledged || !hasClientsElsewhere
                    ? ""
                    : "; that clients have left gateways in other namespaces is not proven"))
    }
}
