import FleetModel

/// A question over labels, in both of its notations: the text of a query such as
/// `app=istiod,tier in (a,b),!legacy`, and the `matchLabels` and `matchExpressions`
/// of an object.
public struct LabelSelector: Hashable, Sendable {
    struct Requirement: Hashable, Sendable {
        enum Operator: Hashable, Sendable {
            case isIn, isNotIn, exists, doesNotExist, isGreater, isLess
        }

        var key: String
        var how: Operator
        var values: [String] = []

        func matches(_ labels: [String: String]) -> Bool {
            switch how {
            case .isIn: labels[key].map(values.contains) ?? false
            case .isNotIn: labels[key].map { !values.contains($0) } ?? true
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            case .isGreater: compare(labels, >)
            case .isLess: compare(labels, <)
            }
        }

        private func compare(_ labels: [String: String], _ holds: (Int, Int) -> Bool) -> Bool {
            guard let label = labels[key].flatMap({ Int($0) }),
                let value = values.first.flatMap({ Int($0) })
            else { return false }
            return holds(label, value)
        }
    }

    var requirements: [Requirement]

    /// Whether every requirement holds; an empty selector matches everything.
    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels) }
    }
}
