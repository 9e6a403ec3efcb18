import FleetModel

/// Reads the steps that a takeover adds to its runbook.
struct OwnStepReader {
    let log: MistakeLog

    func read(_ nodes: [YAMLNode]) -> [OwnStep] { nodes.compactMap(step) }

    private func step(_ node: YAMLNode) -> OwnStep? {
        guard let section = Section<OwnStepKey>(node, title: "the step", key: "a step", log: log)
        else { return nil }
        for key in [OwnStepKey.name, .observe] { section.require(key) }
        let position = position(section)
        let observe = section.node(.observe).flatMap(question)
        let act = section.node(.act).flatMap(action)
        guard let name = section.name(.name, .ours), let position, let observe else { return nil }
        return OwnStep(
            name: name, title: section.text(.title) ?? "", position: position,
            place: section.word(.where, of: OwnStep.Place.self) ?? .cluster, observe: observe,
            act: act, timeout: section.duration(.timeout, in: Self.timeouts) ?? .minutes(5),
            poll: section.duration(.poll, in: Self.polls) ?? .seconds(3),
            interrupt: section.word(.interrupt, of: Interrupt.self) ?? .safe)
    }

    private static let timeouts = Duration.seconds(1)...Duration.seconds(7 * 86_400)
    private static let polls = Duration.seconds(1)...Duration.seconds(3_600)
    private static let deadlines = Duration.seconds(1)...Duration.seconds(86_400)

    // MARK: Where it stands

    /// Exactly one of `phase`, `before` and `after` says it.
    private func position(_ section: Section<OwnStepKey>) -> OwnStep.Position? {
        let given = [OwnStepKey.phase, .before, .after].filter(section.has)
        guard given.count == 1, let key = given.first else {
            log.note(
                ConfigurationMistake(
                    given.isEmpty
                        ? "the step does not say where it stands"
                        : "the step stands in two places: \(given.backquoted)",
                    at: section.location, hint: "give one of `phase`, `before` and `after`"))
            return nil
        }
        guard let text = section.text(key) else { return nil }
        let words = text.split(separator: "/", maxSplits: 1).map(String.init)
        let step = words.count > 1 ? words[1] : nil
        if key == .phase, step != nil {
            log.note(
                ConfigurationMistake(
                    "`phase` names a step, \(text.quoted)", at: section.place(of: key),
                    hint: "write `before` or `after` for a place beside a step"))
            return nil
        }
        return OwnStep.Position(
            key == .before ? .before : .after, phase: words.first ?? "", step: step)
    }

    // MARK: What it asks and does

    private func question(_ node: YAMLNode) -> OwnStep.Question? {
        guard
            let section = Section<OwnQuestionKey>(
                node, title: "`observe`", key: "observe", log: log)
        else { return nil }
        guard section.has(.get) != section.has(.run) else {
            log.note(
                ConfigurationMistake(
                    "`observe` should ask one thing", at: section.location,
                    hint: "give either `get`, an API path, or `run`, a command"))
            return nil
        }
        let expect = section.longText(.expect)
        if section.has(.get) {
            return section.text(.get).map { OwnStep.Question(.path($0), expect: expect) }
        }
        return command(section, .run).map {
            OwnStep.Question(.command($0, stdin: section.longText(.stdin)), expect: expect)
        }
    }

    private func action(_ node: YAMLNode) -> OwnStep.Action? {
        guard let section = Section<OwnActionKey>(node, title: "`act`", key: "act", log: log)
        else { return nil }
        section.require(.run)
        return command(section, .run).map {
            OwnStep.Action(
                $0, stdin: section.longText(.stdin),
                deadline: section.duration(.deadline, in: Self.deadlines) ?? .seconds(60))
        }
    }

    private func command<Key>(_ section: Section<Key>, _ key: Key) -> [String]? {
        guard let words = section.longTexts(key) else { return nil }
        guard words.first?.isEmpty == false else {
            log.note(
                ConfigurationMistake(
                    "`\(key.rawValue)` names no program", at: section.place(of: key),
                    hint: "write the program and its arguments as a list: no shell reads them"))
            return nil
        }
        return words
    }
}

extension [OwnStepKey] {
    fileprivate var backquoted: String { map { "`\($0.rawValue)`" }.joined(separator: " and ") }
}
