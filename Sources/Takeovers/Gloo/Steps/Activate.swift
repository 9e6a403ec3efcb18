import FleetModel

/// Makes the new revision the default for pods that name none.
///
/// ```
///   Gloo is told ─┬▶ it points the tag `default` to it ────────▶ done
///                 ├▶ it has the new injector answer for all ───▶ done, as dry-run pods show
///                 ├▶ there is no tag after a while ─▶ we make it ▶ done
///                 └▶ it points elsewhere after a while ──────────▶ failed
/// ```
///
/// How Gloo does it is nowhere said. Istio's own operator makes the tag only where there is no
/// default yet, and to the API server an old injector without a revision is one.
struct Activate: StepRecipe {
    static let outline = StepOutline(
        "activate", title: "make the new revision the default", interrupt: .finishOrRollBack,
        endsAtSafePoint: false)
    let gloo: GlooSituation
    let managed: ManagedInstallation

    var outline: StepOutline { Self.outline }
    var patience: Patience { Patience(timeout: .minutes(3) + grace, poll: .seconds(5)) }
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    /// How long Gloo may take to make the tag: as long as any answer has to hold.
    private var grace: Duration { gloo.move.settings.probeHold }

    private static let paths = [APIPath.namespaces] + Move.webhookPaths

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([managed.reading] + Reading.paths(Self.paths))
        try managed.refuseOtherVersion(view)
        guard let place = try managed.place(view) else {
            throw .terminal("\(gloo.registeredName) is not in \(managed.manifest.label)")
        }
        guard place.isDefault else { return try readiness(place, view) }
        return try effect(view)
    }

    /// Nothing is switched to a control plane that is not well, or that others don't trust.
    private func readiness(
        _ place: ManagedInstallation.Place, _ view: ClusterView
    ) throws(Pause) -> Observation {
        if let trouble = managed.trouble(place, view) { return trouble }
        if let complaint = try gloo.move.webhookComplaints(view).first {
            throw .unclear("not before the webhooks are well: \(complaint)")
        }
        try SharedTrust(gloo.move).require(view)
        return .notDone("defaultRevision is false for \(gloo.registeredName)")
    }

    private func effect(_ view: ClusterView) throws(Pause) -> Observation {
        let tag = try gloo.move.injection(view).defaultTag
        if let tag, tag.revision == gloo.revision {
            guard tag.hasCertificates else { return .partial("\(tag.name) has no caBundle yet") }
            return .done("\(tag.name) points to \(gloo.revision), as Gloo was told")
        }
        let answers = try gloo.move.probe(try gloo.move.movedNamespaces(view), view)
        if !answers.isEmpty, answers.allSatisfy({ $0.answer.revision == gloo.revision }) {
            return .done(
                "new pods in \(answers.count) namespaces go to \(gloo.revision), as Gloo was told")
        }
        if let tag { return try delay(of: tag, view) }
        return try absence(view)
    }

    /// A tag that points elsewhere is somebody's: we would not know how to put it back. Gloo is
    /// given its time to move it, and then whoever made it is asked to.
    private func delay(
        of tag: InjectorConfiguration, _ view: ClusterView
    ) throws(Pause) -> Observation {
        let item = "\(tag.name) still points to \(tag.revision)"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: grace, fingerprint: "")
        }
        throw .terminal(
            "\(item), where Gloo has left it for \(grace.short): move it as it was made, such as "
                + "by `\(Self.moving(gloo))`, then resume")
    }

    /// What moves the tag `default` where istioctl made it.
    static func moving(_ gloo: GlooSituation) -> String {
        Istioctl(cluster: gloo.move.situation.cluster).change(
            ["tag", "set", "default", "--revision", gloo.revision.rawValue, "--overwrite"],
            purpose: ""
        ).shellLine
    }

    /// There is no tag: Gloo is given its time to make it, and then we do.
    private func absence(_ view: ClusterView) throws(Pause) -> Observation {
        guard try draft(view) != nil else {
            return .partial("there is no webhook configuration of the tag default yet")
        }
        let item = "Gloo makes no tag default"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: grace, fingerprint: "")
        }
        return .notDone("Gloo has made no tag default for \(grace.short)")
    }

    private func draft(_ view: ClusterView) throws(Pause) -> JSON? {
        DefaultTagDraft(try gloo.move.injection(view), for: gloo.move)?.object
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let place = try managed.place(view) else { return [] }
        guard place.isDefault else { return [managed.settingDefault(to: true, at: place)] }
        return try draft(view).map { [creation(of: $0)] } ?? []
    }

    private func creation(of tag: JSON) -> Command {
        gloo.kubectl.create(tag, purpose: "point the tag default to \(gloo.revision)")
    }

    /// What takes a tag of ours away again.
    static func deletion(_ kubectl: Kubectl) -> Command {
        let name = DefaultTagDraft.name
        return kubectl.delete(
            "mutatingwebhookconfiguration", [name], purpose: "delete \(name), which was ours")
    }

    var preview: StepPreview {
        StepPreview(
            reads: [managed.reading] + Reading.paths(Self.paths)
                + [InjectionProbe(namespace: "<namespace>").reading(gloo.kubectl)],
            acts: [
                managed.settingDefault(to: true, at: nil),
                creation(of: DefaultTagDraft.preview(for: gloo.move)),
            ],
            proof: "the MutatingWebhookConfiguration of the tag default points to "
                + "\(gloo.revision) and has a caBundle, or dry-run pods in every "
                + "default-injection namespace would be injected by \(gloo.revision)",
            compensation: [
                managed.settingDefault(to: false, at: nil), Self.deletion(gloo.kubectl),
            ])
    }
}

extension ManagedInstallation.Place {
    /// Whether Gloo was told that the revision is the cluster's default.
    var isDefault: Bool { value["defaultRevision"]?.bool == true }
}
