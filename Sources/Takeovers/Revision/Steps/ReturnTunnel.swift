import FleetModel

/// Takes ztunnel's release back to what it was before it named the new revision, and waits until
/// every node has a pod of that.
struct ReturnTunnel: StepRecipe {
    /// The way there.
    let move: Move
    let comeback: ReleaseReturn

    let outline = Returning.tunnel
    /// As long as the way there may take.
    let patience = Patience(timeout: .minutes(3 * 60), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    private var release: ChartRelease { comeback.release }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(release.readings + Reading.paths(NodeAgents.paths))
        guard try release.record(view) != nil else {
            return .done("there is no \(release.label)")
        }
        if let lack = try comeback.lack(view) { return .notDone(lack) }
        if let lack = try NodeAgents(release).lack(view) { return .partial(lack) }
        return .done("\(release.label) is as before \(move.revision) on every node")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try comeback.commands(view, by: move.kubectl)
    }

    var preview: StepPreview {
        StepPreview(
            reads: release.readings + [release.history] + .paths(NodeAgents.paths),
            acts: [release.rollback(to: "<record>")],
            proof: "there is no \(release.label), or it does not name \(move.revision), and its "
                + "DaemonSet has replaced every pod")
    }
}
