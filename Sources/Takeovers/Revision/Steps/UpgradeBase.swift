import FleetModel

/// Brings the release with the definitions of resources to the new version, or has it name
/// the new revision as the default one.
struct UpgradeBase: StepRecipe {
    static let upgrade = StepOutline(
        "upgrade-base", title: "bring the definitions of resources to the new version")
    static let moveDefault = StepOutline(
        "move-default", title: "have the new revision check Istio's configuration")

    let outline: StepOutline
    let move: Move
    let base: ReleaseUpgrade
    /// Whether the new revision becomes the default one.
    let isDefault: Bool

    let patience = Patience(timeout: .minutes(10), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(base.release.readings + Reading.paths(paths))
        if let lack = try base.lack(view) { return .notDone(lack) }
        if isDefault, let complaint = try validatorComplaint(view) { return .partial(complaint) }
        if let complaint = try establishment(view) { return .partial(complaint) }
        if let complaint = try move.webhookComplaints(view).first { return .partial(complaint) }
        return .done("\(base.release.label) is of version \(base.chart.version)")
    }

    private var paths: [String] { [APIPath.definitions] + Move.webhookPaths }

    /// A definition that is not established serves nothing yet.
    private func establishment(_ view: ClusterView) throws(Pause) -> String? {
        let waiting = try view.list(APIPath.definitions).filter {
            $0.name.hasSuffix(".istio.io")
                && $0.condition("Established")?["status"]?.string == "False"
        }
        guard !waiting.isEmpty else { return nil }
        return "not established: \(waiting.map(\.name).sorted().summary)"
    }

    /// Whoever checks what names no revision must not go with the old one.
    private func validatorComplaint(_ view: ClusterView) throws(Pause) -> String? {
        let old = "istio-system/\(move.oldName("istiod"))"
        let configurations = try view.list(APIPath.validatingWebhooks)
            .compactMap(ValidatorConfiguration.init)
        return configurations.first { $0.isDefault && $0.services.contains(old) }
            .map { "\($0.object.name) still calls \(old)" }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try base.commands(view, by: move.kubectl)
    }

    var preview: StepPreview {
        let validator =
            isDefault ? "; istiod-default-validator calls \(move.newName("istiod"))" : ""
        return StepPreview(
            reads: base.release.readings + .paths(paths), acts: [base.preview],
            proof: "\(base.release.label) is deployed, of version \(base.chart.version); every "
                + "definition is established\(validator)")
    }
}
