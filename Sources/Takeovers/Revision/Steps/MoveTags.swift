import FleetModel

/// Points every revision tag that leads to the old revision to the new one.
///
/// Namespaces and pods that name a tag go with it. No running pod changes; only new ones do.
struct MoveTags: StepRecipe {
    static let outline = StepOutline(
        "move-tags", title: "point the revision tags to the new revision",
        interrupt: .finishOrRollBack)
    let move: Move
    /// Whether a tag `default` is made where the old revision is the default without one.
    var draftsDefault = false

    var outline: StepOutline { Self.outline }
    var patience: Patience {
        Patience(timeout: .minutes(5) + move.settings.probeHold, poll: .seconds(5))
    }
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([APIPath.namespaces] + Move.webhookPaths)
        let old = try oldTags(view)
        let draft = try draft(view)
        guard old.first != nil || draft != nil else { return try agreement(view) }
        guard let own = try move.injection(view).own(move.revision), own.hasCertificates else {
            throw .unclear("the injector of \(move.revision) is not ready")
        }
        if let complaint = try move.webhookComplaints(view).first {
            throw .unclear("not before the webhooks are well: \(complaint)")
        }
        guard let first = old.first else { return .notDone("there is no tag default yet") }
        let fate = isOurs(first) ? "is ours to delete" : "points to \(move.old)"
        return .notDone("\(first.name) \(fate)")
    }

    /// The tag `default` of the new revision, where the old one is the default without any.
    private func draft(_ view: ClusterView) throws(Pause) -> JSON? {
        guard draftsDefault, !move.isBack else { return nil }
        return DefaultTagDraft(try move.injection(view), for: move)?.object
    }

    /// On the way back the tag that was drafted goes: the old injector is the default again.
    private func isOurs(_ tag: InjectorConfiguration) -> Bool {
        move.isBack && move.revision == .unnamed && DefaultTagDraft.isDraft(tag)
    }

    /// Tags by their label or by the Service they call: either would go with the old revision.
    private func oldTags(_ view: ClusterView) throws(Pause) -> [InjectorConfiguration] {
        try move.injection(view).configurations.filter { configuration in
            guard configuration.tag != nil else { return false }
            return configuration.revision == move.old
                || configuration.webhooks.contains { $0.service.name == move.oldName("istiod") }
        }
    }

    /// What was moved must stay moved for a while: whoever made a tag may make it again.
    private func agreement(_ view: ClusterView) throws(Pause) -> Observation {
        let tags = try move.injection(view).tags.filter { $0.revision == move.revision }
        let words = "\(tags.count) tags point to \(move.revision)"
        let item = "no tag points to \(move.old)"
        guard view.context.hasActed, !view.context.settled.contains(item) else {
            return .done(words)
        }
        return .settling(item: item, for: move.settings.probeHold, fingerprint: "")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let bundle = try move.injection(view).own(move.revision)?.bundles.first else {
            return []
        }
        let drafted = try draft(view).map {
            [move.kubectl.create($0, purpose: "point the tag default to \(move.revision)")]
        }
        return try oldTags(view).map { tag in
            guard !isOurs(tag) else { return deletion(tag.name) }
            let count = tag.object.items("webhooks").count
            return pointing(
                tag.name, resourceVersion: tag.object.resourceVersion,
                webhooks: (0..<count).map { "\($0)" }, bundle: bundle)
        } + (drafted ?? [])
    }

    private func deletion(_ name: String) -> Command {
        move.kubectl.delete(
            "mutatingwebhookconfiguration", [name], purpose: "delete \(name), which was ours")
    }

    /// What `istioctl tag set --overwrite` writes, as one patch.
    private func pointing(
        _ name: String, resourceVersion: String, webhooks: [String], bundle: String
    ) -> Command {
        let patch = JSONPatch.against(resourceVersion: resourceVersion)
            .leading(webhooks, to: move.newName("istiod"), of: move.revision, bundle: bundle)
        return move.kubectl.patch(
            "mutatingwebhookconfiguration", name, with: patch,
            purpose: "point \(name) to \(move.revision)")
    }

    var preview: StepPreview {
        let name = "istio-revision-tag-<tag>"
        return StepPreview(
            reads: .paths([APIPath.namespaces] + Move.webhookPaths),
            acts: [
                pointing(
                    name, resourceVersion: "<resourceVersion>", webhooks: ["<webhook>"],
                    bundle: "<caBundle of \(move.revision)>")
            ] + draftPreview,
            proof: "no tag names \(move.old) or calls its istiod, for "
                + "\(move.settings.probeHold.short) on end",
            compensation: move.isBack
                ? [] : MoveTags(move: move.back, draftsDefault: draftsDefault).preview.acts)
    }

    private var draftPreview: [Command] {
        guard draftsDefault else { return [] }
        guard !move.isBack else { return [deletion(DefaultTagDraft.name)] }
        return [
            move.kubectl.create(
                DefaultTagDraft.preview(for: move),
                purpose: "point the tag default to \(move.revision)")
        ]
    }
}
