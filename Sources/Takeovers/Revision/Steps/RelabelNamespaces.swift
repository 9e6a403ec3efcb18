import FleetModel

/// Gives namespaces that name the old revision the new one's name. No running pod changes.
struct RelabelNamespaces: StepRecipe {
    static let outline = StepOutline(
        "relabel-namespaces", title: "have namespaces name the new revision")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([APIPath.namespaces, APIPath.mutatingWebhooks])
        let old = try pinned(view)
        guard old.isEmpty else {
            guard try move.injection(view).own(move.revision)?.hasCertificates == true else {
                throw .unclear("the injector of \(move.revision) is not ready")
            }
            return .notDone("\(old.map(\.name).summary) name \(move.old)")
        }
        let new = try view.list(APIPath.namespaces).map(MeshNamespace.init)
            .filter { $0.selection == .named(move.revision) }
        if let wrong = try move.probe(new, view).first(where: {
            $0.answer.revision != move.revision
        }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        return .done("\(new.count) namespaces name \(move.revision), none names \(move.old)")
    }

    /// `istio-injection` beats the revision's label, so where both are the label does nothing.
    private func pinned(_ view: ClusterView) throws(Pause) -> [MeshNamespace] {
        try view.list(APIPath.namespaces).map(MeshNamespace.init)
            .filter { $0.isActive && $0.selection == .named(move.old) && !isOurTest($0) }
            .sorted { $0.name < $1.name }
    }

    /// The test workload belongs to the new revision, whichever way things move.
    private func isOurTest(_ namespace: MeshNamespace) -> Bool {
        namespace.name == move.settings.testNamespace
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try pinned(view).map { naming($0.name, move.revision) }
    }

    private func naming(_ namespace: String, _ revision: Revision) -> Command {
        move.kubectl.change(
            ["label", "namespace", namespace, "istio.io/rev=\(revision)", "--overwrite"],
            purpose: "have \(namespace) name \(revision)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([APIPath.namespaces, APIPath.mutatingWebhooks]),
            acts: [naming("<namespace>", move.revision)],
            proof: "no namespace names \(move.old), and dry-run pods in those that name "
                + "\(move.revision) would be injected by it",
            compensation: move.isBack ? [] : [naming("<namespace>", move.old)])
    }
}
