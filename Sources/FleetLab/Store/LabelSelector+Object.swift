public import FleetModel

extension LabelSelector {
    /// Reads `matchLabels` and `matchExpressions`.
    ///
    /// - Returns: `nil` when an expression has an operator that doesn't exist.
    public init?(_ selector: JSON) {
        let equal = (selector["matchLabels"]?.strings ?? [:]).sorted { $0.key < $1.key }
            .map { Requirement(key: $0.key, how: .isIn, values: [$0.value]) }
        let expressions = selector["matchExpressions"]?.array ?? []
        let parsed = expressions.compactMap(Self.requirement)
        guard parsed.count == expressions.count else { return nil }
        requirements = equal + parsed
    }

    private static func requirement(_ expression: JSON) -> Requirement? {
        guard let key = expression["key"]?.string else { return nil }
        let values = expression["values"]?.array?.compactMap(\.string) ?? []
        return switch expression["operator"]?.string {
        case "In": Requirement(key: key, how: .isIn, values: values)
        case "NotIn": Requirement(key: key, how: .isNotIn, values: values)
        case "Exists": Requirement(key: key, how: .exists)
        case "DoesNotExist": Requirement(key: key, how: .doesNotExist)
        default: nil
        }
    }
}
