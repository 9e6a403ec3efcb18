import FleetModel

extension Selector {
    /// The selector in an object, or `nil` when it says something we do not
    /// understand, which must not be taken for "everything".
    ///
    /// An absent, null or empty selector selects everything.
    init?(kubernetes selector: JSON?) {
        var requirements = Selector(matchLabels: selector?["matchLabels"]?.strings ?? [:])
            .requirements
        for expression in selector?.items("matchExpressions") ?? [] {
            guard let requirement = Requirement(kubernetes: expression) else { return nil }
            requirements.append(requirement)
        }
        self.init(requirements)
    }
}

extension Selector.Requirement {
    fileprivate init?(kubernetes expression: JSON) {
        guard let key = expression["key"]?.string, let name = expression["operator"]?.string,
            let test = Selector.Test(name, values: expression.items("values").compactMap(\.string))
        else { return nil }
        self.init(key: key, test: test)
    }
}

extension Selector.Test {
    fileprivate init?(_ name: String, values: [String]) {
        switch name {
        case "In": self = .isIn(values)
        case "NotIn": self = .isNotIn(values)
        case "Exists": self = .exists
        case "DoesNotExist": self = .doesNotExist
        default: return nil
        }
    }
}
