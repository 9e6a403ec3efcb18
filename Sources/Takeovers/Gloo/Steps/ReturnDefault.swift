import FleetModel

/// Has Gloo make the new revision no default any more, and deletes the tag `default` where it
/// was ours.
struct ReturnDefault: StepRecipe {
    static let outline = StepOutline(
        "return-default", title: "have the old revision be the default again",
        interrupt: .finishOrRollBack)
    let gloo: GlooSituation
    let managed: ManagedInstallation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([managed.reading] + Reading.paths(Self.paths))
        if try managed.place(view)?.isDefault == true {
            return .notDone("defaultRevision is true for \(gloo.registeredName)")
        }
        if try hasOurTag(view) { return .notDone("\(DefaultTagDraft.name) is ours to delete") }
        let back = gloo.move.back
        let answers = try back.probe(try back.movedNamespaces(view), view)
        if let wrong = answers.first(where: { $0.answer.revision != back.revision }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        return .done("new pods in \(answers.count) namespaces go to \(back.revision)")
    }

    private static let paths = [APIPath.mutatingWebhooks, APIPath.namespaces]

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        if let place = try managed.place(view), place.isDefault {
            return [managed.settingDefault(to: false, at: place)]
        }
        return try hasOurTag(view) ? [Activate.deletion(gloo.kubectl)] : []
    }

    /// The old injector is the default again without any tag.
    private func hasOurTag(_ view: ClusterView) throws(Pause) -> Bool {
        guard gloo.old == .unnamed, let tag = try gloo.move.injection(view).defaultTag else {
            return false
        }
        return tag.revision == gloo.revision && DefaultTagDraft.isDraft(tag)
    }

    var preview: StepPreview {
        StepPreview(
            reads: [managed.reading] + Reading.paths(Self.paths),
            acts: [
                managed.settingDefault(to: false, at: nil), Activate.deletion(gloo.kubectl),
            ],
            proof: "defaultRevision is not true, no tag default of ours is left, and dry-run pods "
                + "in every default-injection namespace would be injected by \(gloo.move.old)")
    }
}
