import FleetModel

/// I2: one configuration answers for new pods that name no revision, and it is the right one.
struct RightInjector: Invariant {
    static let kind = InvariantKind.injection

    fileprivate struct Answer: Sendable {
        /// Which configurations are called, in order.
        let called: [String]
        /// What became of a new pod, as the end of a sentence that begins with it.
        let words: String
        /// In the words of who let it not in.
        var refusal: String?
        var isOnTarget = false
        var isOld = false

        /// The words without those of a refusal, which may differ from one time to the next.
        var essence: String { refusal == nil ? words : "refused" }

        var kept: JSON {
            var kept: JSON = [
                "called": .array(called.map(JSON.string)), "words": .string(words),
            ]
            kept["refusal"] = refusal.map(JSON.string)
            return kept
        }
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
                    called: group?.key ?? [], words: probe.description,
                    refusal: probe.refusal,
                    isOnTarget: takesAnyVersion
                        ? probe.revision == move.revision
                        : probe.proxy.map(move.isOnTarget) ?? false,
                    isOld: probe.revision == move.old)
            }
        }
        self.answers = answers
        let active = try view.namespaces().filter(\.isActive)
        labels = Dictionary(active.map { ($0.name, $0.labels) }) { first, _ in first }
        renamed = Set(
            active.filter {
                $0.selection == .named(move.revision)
                    && $0.object.annotations[SelectionNote.annotation] != nil
            }.map(\.name))
        expected = watch.place.injector
    }

    /// The labels of namespaces without an answer are never asked for.
    var kept: JSON {
        .array(
            answers.sorted { $0.key < $1.key }.map { namespace, answer in
                var kept = answer.kept
                kept["namespace"] = .string(namespace)
                kept["labels"] = labels[namespace].map { JSON($0) }
                return kept
            })
    }

    init?(kept: JSON) {
        guard let entries = kept.array else { return nil }
        var answers: [String: Answer] = [:]
        var labels: [String: [String: String]] = [:]
        for entry in entries {
            guard let namespace = entry["namespace"]?.string, let answer = Answer(kept: entry),
                let known = (entry["labels"] ?? [:]).textsByName
            else { return nil }
            answers[namespace] = answer
            if entry["labels"] != nil { labels[namespace] = known }
        }
        (self.answers, self.labels, renamed, expected) = (answers, labels, [], .same)
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
        guard !isRight, answer.essence != earlier.essence else { return nil }
        return violation(namespace, answer, "before, it \(earlier.words)")
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
        guard let refusal = answer.refusal else {
            return Violation(
                kind: Self.kind, claim: "a new pod in \(namespace) \(answer.words)",
                detail: detail, tolerance: Violation.moment)
        }
        return Violation(
            kind: Self.kind, claim: "no new pod is let into \(namespace)", detail: refusal,
            tolerance: Violation.moment)
    }
}

extension RightInjector.Answer {
    /// Whether the answer is the right one is never asked of a look before.
    fileprivate init?(kept: JSON) {
        guard let words = kept["words"]?.string, let called = kept["called"]?.texts,
            kept["refusal"] == nil || kept["refusal"]?.string != nil
        else { return nil }
        self.init(called: called, words: words, refusal: kept["refusal"]?.string)
    }
}
