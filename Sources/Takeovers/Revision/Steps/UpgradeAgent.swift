import FleetModel

/// Brings what runs once on every node to the new version, where Helm installed it: the agent
/// of the CNI, or ztunnel. There is no canary of it; its DaemonSet goes node by node.
struct UpgradeAgent: StepRecipe {
    static let cni = StepOutline(
        "upgrade-cni", title: "bring the CNI's agents to the new version, node by node",
        interrupt: .finishOrRollBack)
    static let ztunnel = StepOutline(
        "upgrade-ztunnel", title: "bring ztunnel to the new version, node by node",
        interrupt: .finishOrRollBack)

    let outline: StepOutline
    let move: Move
    let upgrade: ReleaseUpgrade

    /// Half a minute for each of a few hundred nodes.
    let patience = Patience(timeout: .minutes(3 * 60), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    private var release: ChartRelease { upgrade.release }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(readings)
        guard let record = try release.record(view) else {
            return .done("there is no \(release.label)")
        }
        if let pin = pin(in: record.values) { throw .terminal("\(release.label) \(pin)") }
        let agents = NodeAgents(release)
        if tunnels, let refusal = try host.refusal(of: agents.present(view), view) {
            throw .terminal(refusal)
        }
        if let lack = try upgrade.lack(view) { return .notDone(lack) }
        for agent in try agents.daemonSets(view) {
            if let complaint = image.complaint(of: agent) { throw .terminal(complaint) }
            if tunnels, let complaint = address.complaint(of: agent) { throw .terminal(complaint) }
        }
        if let lack = try agents.lack(view) { return .partial(lack) }
        return .done("\(release.label) is of version \(upgrade.chart.version) on every node")
    }

    private var readings: [Reading] {
        release.readings + .paths(NodeAgents.paths + (tunnels ? TunnelHost.paths : []))
    }

    /// Whether the agents ask an istiod.
    private var tunnels: Bool { outline == Self.ztunnel }
    private var image: AgentImage { AgentImage(version: move.version) }
    private var host: TunnelHost { TunnelHost(move: move) }
    private var address: TunnelAddress { TunnelAddress(move: move) }

    private func pin(in values: JSON) -> String? {
        image.pin(in: values) ?? (tunnels ? address.pin(in: values) : nil)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try upgrade.commands(view, by: move.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: readings, acts: [upgrade.preview],
            proof: "there is no \(release.label), or it is deployed, of chart version "
                + "\(upgrade.chart.version), and its DaemonSet runs \(move.version) in every pod"
                + (tunnels ? ", which asks the istiod of \(move.revision)" : ""),
            compensation: [release.rollback()])
    }
}
