import FleetModel

/// Makes the new revision the default for pods that name none.
struct Activate: StepRecipe {
    static let outline = StepOutline(
        "activate", title: "make the new revision the default", interrupt: .finishOrRollBack,
        endsAtSafePoint: false)
    let gloo: GlooSituation
    let managed: ManagedInstallation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(3), poll: .seconds(5))
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([managed.reading] + Reading.paths(Move.webhookPaths))
        try managed.refuseOtherVersion(view)
        guard let place = try managed.place(view) else {
            throw .terminal("\(gloo.registeredName) is not in \(managed.manifest.label)")
        }
        guard place.value["defaultRevision"]?.bool == true else {
            return try readiness(place, view)
        }
        guard let tag = try gloo.move.injection(view).defaultTag else {
            return .partial("there is no webhook configuration of the tag default yet")
        }
        guard tag.revision == gloo.revision else {
            return .partial("\(tag.name) still points to \(tag.revision)")
        }
        guard tag.hasCertificates else { return .partial("\(tag.name) has no caBundle yet") }
        return .done("\(tag.name) points to \(gloo.revision), as Gloo was told")
    }

    /// Nothing is switched to a control plane that is not well.
    private func readiness(
        _ place: ManagedInstallation.Place, _ view: ClusterView
    ) throws(Pause) -> Observation {
        if let trouble = managed.trouble(place, view) { return trouble }
        if let complaint = try gloo.move.webhookComplaints(view).first {
            throw .unclear("not before the webhooks are well: \(complaint)")
        }
        return .notDone("defaultRevision is false for \(gloo.registeredName)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let place = try managed.place(view) else { return [] }
        return [managed.settingDefault(to: true, at: place)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: [managed.reading] + Reading.paths(Move.webhookPaths),
            acts: [managed.settingDefault(to: true, at: nil)],
            proof: "the MutatingWebhookConfiguration of the tag default points to "
                + "\(gloo.revision) and has a caBundle",
            compensation: [managed.settingDefault(to: false, at: nil)])
    }
}
