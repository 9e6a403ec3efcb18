import FleetModel

/// Puts the old default injector back into service, as it was.
///
/// This comes before the tag `default` goes: while both are there the old one has the last
/// word, and at no moment is there nobody to inject.
struct ReactivateOldInjector: StepRecipe {
    static let outline = StepOutline(
        "reactivate-old-injector", title: "put the old default injector back into service",
        interrupt: .finishOrRollBack)
    /// The way back.
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([APIPath.mutatingWebhooks, APIPath.namespaces])
        let injector = try injector(view)
        guard !injector.isOutOfService else {
            guard injector.reactivated != nil else {
                return .done("\(injector.name) is out of service, but not by us")
            }
            return .notDone("\(injector.name) is out of service")
        }
        let answers = try move.probe(try move.movedNamespaces(view), view)
        let wrong = answers.filter { $0.answer.revision != move.revision }
        if let wrong = wrong.first(where: { !$0.answer.isRefusal }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        // A new control plane that is dead refuses pods for as long as the tag leads to it.
        if let refused = wrong.first {
            return .done("\(injector.name) is in service; \(refused.answer.description)")
        }
        return .done("new pods in \(answers.count) namespaces go to \(move.revision)")
    }

    private func injector(_ view: ClusterView) throws(Pause) -> InjectorConfiguration {
        guard let injector = try move.injection(view).own(move.revision) else {
            throw .terminal("\(move.revision) has no injector any more")
        }
        return injector
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let injector = try injector(view)
        let patch = JSONPatch.against(resourceVersion: injector.object.resourceVersion)
        return SelectorNote(on: injector)?.restoring(injector, in: patch)
            .map { [Self.reactivation(of: injector.name, by: $0, move)] } ?? []
    }

    static func reactivation(of name: String, by patch: JSONPatch, _ move: Move) -> Command {
        move.kubectl.patch(
            "mutatingwebhookconfiguration", name, with: patch, purpose: "reactivate \(name)")
    }

    /// The command as a plan shows it.
    static func previewed(_ name: String, _ move: Move) -> Command {
        var patch = JSONPatch.against(resourceVersion: "<resourceVersion>")
        for selector in ["namespaceSelector", "objectSelector"] {
            patch = patch.setting("/webhooks/<webhook>/\(selector)", to: "<as noted>")
        }
        return reactivation(of: name, by: patch.removing(SelectorNote.pointer), move)
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([APIPath.mutatingWebhooks, APIPath.namespaces])
                + [InjectionProbe(namespace: "<namespace>").reading(move.kubectl)],
            acts: [Self.previewed(move.newName("istio-sidecar-injector"), move)],
            proof: "dry-run pods in every default-injection namespace would be injected by "
                + "\(move.revision), or are refused by a dead \(move.old)")
    }
}

extension InjectorConfiguration {
    /// Whether any of its webhooks is taken out of service.
    var isOutOfService: Bool { object.items("webhooks").contains { $0.hasDeactivatedSelector } }

    /// As it was before it was taken out of service; `nil` when nothing tells.
    var reactivated: InjectorConfiguration? {
        guard isOutOfService else { return self }
        return SelectorNote(on: self)?.restored(self)
    }
}
