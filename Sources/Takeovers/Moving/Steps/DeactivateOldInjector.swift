import FleetModel

/// Takes the old default injector out of service, so that the new one has the last word.
///
/// With two active default injectors the API server calls `istio-revision-tag-default`
/// first and the old `istio-sidecar-injector` after it, and the last one wins.
struct DeactivateOldInjector: StepRecipe {
    static let outline = StepOutline(
        "deactivate-old-injector", title: "take the old default injector out of service",
        interrupt: .finishOrRollBack)
    let move: Move

    var outline: StepOutline { Self.outline }
    var patience: Patience {
        Patience(timeout: .minutes(5) + move.settings.probeHold, poll: .seconds(5))
    }
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([APIPath.mutatingWebhooks, APIPath.namespaces])
        let rivals = try move.injection(view).defaultInjectors(of: move.old)
        let answers = try move.probe(try move.movedNamespaces(view), view)
        let wrong = answers.first { $0.answer.revision != move.revision }
        guard let wrong else { return try agreement(answers.count, rivals: rivals, view) }
        let words = "a new pod in \(wrong.namespace) \(wrong.answer.description)"
        guard wrong.answer.revision == move.old, !rivals.isEmpty else { return .unknown(words) }
        try requireSuccessor(of: rivals, view)
        return .notDone(words)
    }

    /// Without another default injector nobody would inject at all. That is the tag `default`,
    /// or the new revision's own injector where that was told to answer for all.
    private func requireSuccessor(
        of rivals: [InjectorConfiguration], _ view: ClusterView
    ) throws(Pause) {
        guard try move.injection(view).canReplace(rivals, by: move.revision) else {
            throw .unclear(
                "nothing of \(move.revision) could take the place of \(rivals[0].name) yet")
        }
    }

    /// Every probe answers with the new revision.
    ///
    /// An old operator may turn its injector on again. As long as there is
    /// something left that a relapse would harm, the answers must hold.
    private func agreement(
        _ count: Int, rivals: [InjectorConfiguration], _ view: ClusterView
    ) throws(Pause) -> Observation {
        guard rivals.isEmpty else {
            try requireSuccessor(of: rivals, view)
            return .notDone("\(rivals[0].name) would still inject pods that name no revision")
        }
        let words = "new pods in \(count) namespaces go to \(move.revision)"
        let item = "every probe answers \(move.revision)"
        guard !view.context.settled.contains(item), try canRelapse(view) else {
            return .done(words)
        }
        return .settling(item: item, for: move.settings.probeHold, fingerprint: "")
    }

    private func canRelapse(_ view: ClusterView) throws(Pause) -> Bool {
        if view.context.hasActed { return true }
        guard try move.injection(view).own(move.old) != nil else { return false }
        return try view.list(APIPath.pods).contains {
            Proxy.isInjected(into: $0) && Pod($0).isAlive && Proxy(of: $0)?.revision == move.old
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try move.injection(view).defaultInjectors(of: move.old).map { injector in
            let patch = JSONPatch.against(resourceVersion: injector.object.resourceVersion)
            return deactivation(
                of: injector.name,
                after: SelectorNote(of: injector).noting(on: injector, in: patch),
                webhooks: injector.object.items("webhooks").indices.map { "\($0)" })
        }
    }

    /// The patch notes what was selected before, for the way back.
    private func deactivation(
        of name: String, after patch: JSONPatch, webhooks: [String]
    ) -> Command {
        var patch = patch
        for webhook in webhooks {
            for selector in ["namespaceSelector", "objectSelector"] {
                patch = patch.setting(
                    "/webhooks/\(webhook)/\(selector)",
                    to: InjectorConfiguration.deactivatedSelector)
            }
        }
        return move.kubectl.patch(
            "mutatingwebhookconfiguration", name, with: patch, purpose: "deactivate \(name)")
    }

    var preview: StepPreview {
        let name = move.oldName("istio-sidecar-injector")
        return StepPreview(
            reads: .paths([APIPath.mutatingWebhooks, APIPath.namespaces])
                + [InjectionProbe(namespace: "<namespace>").reading(move.kubectl)],
            acts: [
                deactivation(
                    of: name,
                    after: .against(resourceVersion: "<resourceVersion>")
                        .setting(SelectorNote.pointer, to: "<its selectors>"),
                    webhooks: ["<webhook>"])
            ],
            proof: "dry-run pods in every default-injection namespace would be injected by "
                + "\(move.revision), for \(move.settings.probeHold.short) on end",
            compensation: [ReactivateOldInjector.previewed(name, move)])
    }
}
