import FleetModel

/// Has Gloo make the new revision no default any more.
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
        if try managed.place(view)?.value["defaultRevision"]?.bool == true {
            return .notDone("defaultRevision is true for \(gloo.registeredName)")
        }
        let back = gloo.move.back
        let answers = try back.probe(try back.movedNamespaces(view), view)
        if let wrong = answers.first(where: { $0.answer.revision != back.revision }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        return .done("new pods in \(answers.count) namespaces go to \(back.revision)")
    }

    private static let paths = [APIPath.mutatingWebhooks, APIPath.namespaces]

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let place = try managed.place(view) else { return [] }
        return [managed.settingDefault(to: false, at: place)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: [managed.reading] + Reading.paths(Self.paths),
            acts: [managed.settingDefault(to: false, at: nil)],
            proof: "defaultRevision is not true, and dry-run pods in every default-injection "
                + "namespace would be injected by \(gloo.move.old)")
    }
}
