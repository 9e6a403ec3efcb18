import FleetModel

/// Gives namespaces that choose the old revision the new one's name. No running pod changes.
///
/// What a namespace said before is noted on it, so that the way back has it say the same again.
struct RelabelNamespaces: StepRecipe {
    static let outline = StepOutline(
        "relabel-namespaces", title: "have namespaces name the new revision")
    let move: Move
    /// Whether those go, too, that name no revision and get the old one as the default. Where
    /// they don't, the default itself moves.
    var takesDefault = false

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    private static let paths = [APIPath.namespaces, APIPath.mutatingWebhooks]

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(Self.paths)
        let left = try remaining(view)
        guard left.isEmpty else {
            guard try move.injection(view).own(move.revision)?.hasCertificates == true else {
                throw .unclear("the injector of \(move.revision) is not ready")
            }
            if !move.isBack { try SharedTrust(move).require(view) }
            let verb = takesDefault ? "choose" : "name"
            return .notDone("\(left.map(\.name).summary) \(verb) \(move.old)")
        }
        let led = try led(view)
        if let wrong = try move.probe(led, view).first(where: {
            $0.answer.revision != move.revision
        }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        guard !takesDefault else {
            return .done("new pods in \(led.count) namespaces go to \(move.revision)")
        }
        return .done("\(led.count) namespaces name \(move.revision), none names \(move.old)")
    }

    // MARK: - Which namespaces

    private func namespaces(_ view: ClusterView) throws(Pause) -> [MeshNamespace] {
        try view.namespaces()
            .filter { $0.isActive && !isOurTest($0) }.sorted { $0.name < $1.name }
    }

    /// The test workload belongs to the new revision, whichever way things move.
    private func isOurTest(_ namespace: MeshNamespace) -> Bool {
        namespace.name == move.settings.testNamespace || move.isTestTraffic(namespace)
    }

    /// Those that have something to be changed.
    private func remaining(_ view: ClusterView) throws(Pause) -> [MeshNamespace] {
        let injection = try move.injection(view)
        var remaining: [MeshNamespace] = []
        for namespace in try namespaces(view) {
            let note = try note(on: namespace)
            if note != nil || isOld(namespace, injection) { remaining.append(namespace) }
        }
        return remaining
    }

    /// What the way back goes by. Where the default was taken along, a name without a note is
    /// none of ours.
    private func note(on namespace: MeshNamespace) throws(Pause) -> SelectionNote? {
        guard move.isBack else { return nil }
        return try SelectionNote(on: namespace)
    }

    private func isOld(_ namespace: MeshNamespace, _ injection: Injection) -> Bool {
        guard takesDefault else { return namespace.selection == .named(move.old) }
        return !move.isBack && namespace.canBeRelabelled(from: move.old, injection)
    }

    /// Those that have to be where they are led by now.
    private func led(_ view: ClusterView) throws(Pause) -> [MeshNamespace] {
        guard !takesDefault else { return try move.movedNamespaces(view) }
        return try view.namespaces()
            .filter { $0.selection == .named(move.revision) }
    }

    // MARK: - What is done to them

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        var commands: [Command] = []
        for namespace in try remaining(view) { commands += try change(of: namespace) }
        return commands
    }

    private func change(of namespace: MeshNamespace) throws(Pause) -> [Command] {
        guard let note = try note(on: namespace) else {
            return naming(namespace.name, after: SelectionNote(of: namespace))
        }
        // Whoever gave it another label since has had a reason.
        let isOurs = namespace.selection == .named(move.old)
        return (isOurs ? [restoring(namespace.name, note.restoring)] : [])
            + [forgetting(namespace.name)]
    }

    /// The note comes first: a label whose note is missing could not be taken back.
    private func naming(_ namespace: String, after note: SelectionNote) -> [Command] {
        let noting = command(
            "annotate", namespace, [note.noting, "--overwrite"],
            "note what \(namespace) selects")
        let naming = command(
            "label", namespace, note.naming(move.revision) + ["--overwrite"],
            "have \(namespace) name \(move.revision)")
        return (move.isBack ? [] : [noting]) + [naming]
    }

    private func restoring(_ namespace: String, _ labels: [String]) -> Command {
        command(
            "label", namespace, labels + ["--overwrite"],
            "have \(namespace) select what it did before")
    }

    private func forgetting(_ namespace: String) -> Command {
        Self.forgetting(namespace, move.kubectl)
    }

    static func forgetting(_ namespace: String, _ kubectl: Kubectl) -> Command {
        kubectl.change(
            ["annotate", "namespace", namespace, SelectionNote.removal],
            purpose: "forget what \(namespace) selected before")
    }

    private func command(
        _ verb: String, _ namespace: String, _ words: [String], _ purpose: String
    ) -> Command {
        move.kubectl.change([verb, "namespace", namespace] + words, purpose: purpose)
    }

    var preview: StepPreview {
        let back = [
            restoring("<namespace>", ["<label>=<as noted>"]), forgetting("<namespace>"),
        ]
        let labels =
            takesDefault
            ? [IstioLabel.injection: "enabled"] : [IstioLabel.revision: move.old.rawValue]
        let forth = naming("<namespace>", after: SelectionNote(labels: labels))
        let proof =
            takesDefault
            ? "dry-run pods in every namespace that \(move.old) or \(move.revision) answers to "
                + "would be injected by \(move.revision)"
            : "no namespace names \(move.old), and dry-run pods in those that name "
                + "\(move.revision) would be injected by it"
        return StepPreview(
            reads: .paths(Self.paths), acts: move.isBack ? back : forth, proof: proof,
            compensation: move.isBack ? [] : back)
    }
}

extension MeshNamespace {
    /// Whether a label of its own is what leads its pods to a revision, so that another label
    /// would lead them elsewhere. A revision tag is for whoever made it to move.
    func canBeRelabelled(from old: Revision, _ injection: Injection) -> Bool {
        (selection == .byDefault || selection == .named(old))
            && injection.acting(namespaceLabels: labels)?.revision == old
    }
}
