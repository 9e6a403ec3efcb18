import FleetModel

/// Removes the old control plane's release, once nothing uses it.
struct RemoveOldRelease: StepRecipe {
    static let outline = StepOutline(
        "remove-old-control-plane", title: "remove the old control plane",
        interrupt: .finishOrRollBack)
    let revision: RevisionSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { revision.move.lock }

    private var move: Move { revision.move }
    private var release: ChartRelease { revision.oldControlPlane }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(release.readings)
        guard let record = try release.record(view) else {
            return .done("there is no \(release.label)")
        }
        try requireHarmlessness(record)
        try RetirementSafety(move).require(view)
        return .notDone("\(release.label) is still there")
    }

    private func requireHarmlessness(_ record: ReleaseRecord) throws(Pause) {
        let doomed = ReleaseManifest(record.manifest).protected
        guard doomed.isEmpty else {
            throw .terminal(
                "\(release.label) would take \(doomed.map(\.description).summary) along")
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [release.removal] }

    var preview: StepPreview {
        StepPreview(
            reads: release.readings + OldRevisionUse.previewed(move), acts: [release.removal],
            proof: "there is no \(release.label); what it consists of named no definition, "
                + "namespace, node agent, gateway or tag")
    }
}
