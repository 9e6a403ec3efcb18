import FleetModel

/// I2: one configuration answers for new pods that name no revision, and it is the right one.
struct RightInjector: Invariant {
    static let kind = InvariantKind.injection

    private struct Answer: Sendable {
        /// Which configurations are called, in order.
        let called: [String]
        let probe: InjectionProbe.Answer
        let isOnTarget: Bool
        let isOld: Bool
    }

    /// By namespace.
    private let answers: [String: Answer]
    /// The labels of every active namespace.
    private let labels: [String: [String: String]]
    /// The namespaces that a step of ours gave the name of the revision that things move to.
    private let renamed: Set<String>
    private let expected: Place.ExpectedInjector

    static func readings(_ watch: StepWatch) -> [Reading] {
        .paths([APIPath.namespaces, APIPath.mutatingWebhooks])
    }

    /// Namespaces for which the same configurations are called get the same answer, so one of
    /// them is asked.
    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let (move, takesAnyVersion) = (watch.move, watch.excuses(.otherVersions))
        let injection = try move.injection(view)
        let moved = try move.movedNamespaces(view)
        let groups = Dictionary(grouping: moved) { namespace in
            injection.called(namespaceLabels: namespace.labels).map(\.name)
        }
        let asked = groups.compactMap(\.value.first).sorted { $0.name < $1.name }
        var answers: [String: Answer] = [:]
        for (namespace, probe) in try move.probe(asked, view) {
            let group = groups.first { $0.value.contains { $0.name == namespace } }
            for member in group?.value ?? [] {
                answers[member.name] = Answer(
                    called: group?.key ?? [], probe: probe,
                    isOnTarget: takesAnyVersion
                        ? probe.revision == move.revision
                        : probe.proxy.map(move.isOnTarget) ?? false,
                    isOld: probe.revision == move.old)
            }
        }
        self.answers = answers
        let active = try view.list(APIPath.namespaces).map(MeshNamespace.init).filter(\.isActive)
        labels = Dictionary(active.map { ($0.name, $0.labels) }) { first, _ in first }
        renamed = Set(
            active.filter {
                $0.selection == .named(move.revision)
                    && $0.object.annotations[SelectionNote.annotation] != nil
            }.map(\.name))
        expected = watch.place.injector
    }

    func violations(since before: RightInjector?) -> [Violation] {
        let found = answers.sorted { $0.key < $1.key }
        guard let before else { return found.compactMap { absolute($0.key, $0.value) } }
        return found.compactMap { changed($0.key, $0.value, since: before) }
            + before.answers.keys.sorted().compactMap { lost($0, since: before) }
    }

    /// Whether two injectors may answer for a while.
    private var mayChange: Bool { expected == .changing || expected == .returning }

    // MARK: - With a look before

    private func changed(
        _ namespace: String, _ answer: Answer, since before: RightInjector
    ) -> Violation? {
        // A namespace that is new, or was labelled anew, is somebody's wish.
        guard let earlier = before.answers[namespace],
            before.labels[namespace] == labels[namespace] || mayChange
                || renamed.contains(namespace)
        else { return nil }
        if answer.called.count > 1, earlier.called.count <= 1, !mayChange {
            return Violation(
                kind: Self.kind, claim: "more than one injector answers in \(namespace)",
                detail: answer.called.summary, tolerance: Violation.moment)
        }
        let isRight =
            switch expected {
            case .same, .old: false
            case .changing, .returning: answer.isOld || answer.isOnTarget
            case .new: answer.isOnTarget
            }
        guard !isRight, answer.probe.essence != earlier.probe.essence else { return nil }
        return violation(namespace, answer, "before, it \(earlier.probe.description)")
    }

    /// Where a revision is named, nobody answering leaves no trace but this.
    private func lost(_ namespace: String, since before: RightInjector) -> Violation? {
        guard answers[namespace] == nil, let now = labels[namespace],
            before.labels[namespace] == now || renamed.contains(namespace)
        else { return nil }
        return Violation(
            kind: Self.kind,
            claim: "neither the old nor the new revision answers in \(namespace) any more",
            tolerance: Violation.moment)
    }

    // MARK: - Without

    private func absolute(_ namespace: String, _ answer: Answer) -> Violation? {
        let isRight =
            switch expected {
            case .same, .returning: true
            case .old, .changing: answer.isOld || answer.isOnTarget
            case .new: answer.isOnTarget
            }
        return isRight ? nil : violation(namespace, answer, "")
    }

    private func violation(
        _ namespace: String, _ answer: Answer, _ detail: String
    ) -> Violation {
        guard case .refused(let words) = answer.probe else {
            return Violation(
                kind: Self.kind, claim: "a new pod in \(namespace) \(answer.probe.description)",
                detail: detail, tolerance: Violation.moment)
        }
        return Violation(
            kind: Self.kind, claim: "no new pod is let into \(namespace)", detail: words,
            tolerance: Violation.moment)
    }
}

extension InjectionProbe.Answer {
    /// The answer without the words of a refusal, which may differ from one time to the next.
    fileprivate var essence: String {
        if case .refused = self { "refused" } else { description }
    }
}
