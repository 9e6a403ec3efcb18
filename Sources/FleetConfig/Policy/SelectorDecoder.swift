import FleetModel

/// Reads selectors as Kubernetes writes them.
struct SelectorDecoder {
    let log: MistakeLog

    /// The operators of Kubernetes' set-based requirements.
    private static let operators = ["In", "NotIn", "Exists", "DoesNotExist"]

    /// A selector that asks for something. Kubernetes lets an empty one match everything,
    /// which is too much to happen by leaving a word out.
    func selector(_ node: YAMLNode) -> Selector? {
        guard
            let section = Section<SelectorKey>(
                node, title: "the selector", key: "clusters", log: log)
        else { return nil }
        let labels = section.textsByKey(.matchLabels) ?? [:]
        let expressions = section.list(.matchExpressions) ?? []
        if !section.has(.matchLabels), !section.has(.matchExpressions) {
            log.note(.emptySelector(at: node.location))
        }
        let requirements = expressions.compactMap(requirement)
        let selector = Selector(Selector(matchLabels: labels).requirements + requirements)
        return selector.requirements.isEmpty ? nil : selector
    }

    private func requirement(_ node: YAMLNode) -> Selector.Requirement? {
        guard
            let section = Section<RequirementKey>(
                node, title: "the requirement", key: "matchExpressions", log: log)
        else { return nil }
        section.require(.key)
        section.require(.operator)
        let (key, word) = (section.text(.key), section.word(.operator, among: Self.operators))
        let values = section.texts(.values)
        guard let key, let word, check(values, for: word, in: section),
            let test = Selector.Test(word, values ?? [])
        else { return nil }
        return Selector.Requirement(key: key, test: test)
    }

    private func check(
        _ values: [String]?, for word: String, in section: Section<RequirementKey>
    ) -> Bool {
        let wantsValues = word == "In" || word == "NotIn"
        let isRight = wantsValues ? !(values ?? []).isEmpty : !section.has(.values)
        if isRight { return true }
        let place = wantsValues ? section.location : section.place(of: .values)
        log.note(.selectorValues(word, want: wantsValues, at: place))
        return false
    }
}

extension Selector.Test {
    fileprivate init?(_ word: String, _ values: [String]) {
        switch word {
        case "In": self = .isIn(values)
        case "NotIn": self = .isNotIn(values)
        case "Exists": self = .exists
        case "DoesNotExist": self = .doesNotExist
        default: return nil
        }
    }
}
