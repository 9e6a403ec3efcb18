/// A question over a cluster's labels, with the meaning Kubernetes gives it:
/// every requirement must hold.
public struct Selector: Hashable, Sendable, Codable {
    public let requirements: [Requirement]

    public init(_ requirements: [Requirement]) { self.requirements = requirements }

    /// Every one of these labels, with exactly these values.
    public init(matchLabels labels: [String: String]) {
        let keys = labels.keys.sorted()
        requirements = keys.map { Requirement(key: $0, test: .isIn([labels[$0] ?? ""])) }
    }

    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels[$0.key]) }
    }

    public struct Requirement: Hashable, Sendable, Codable {
        public let key: String
        public let test: Test

        public init(key: String, test: Test) { (self.key, self.test) = (key, test) }

        /// An absent label is not in any set, so `isNotIn` holds for it.
        public func matches(_ value: String?) -> Bool {
            switch test {
            case .isIn(let values): value.map(values.contains) ?? false
            case .isNotIn(let values): value.map { !values.contains($0) } ?? true
            case .exists: value != nil
            case .doesNotExist: value == nil
            }
        }
    }

    public enum Test: Hashable, Sendable, Codable {
        case isIn([String])
        case isNotIn([String])
        case exists
        case doesNotExist
    }
}

extension Selector: CustomStringConvertible {
    /// The selector as `kubectl -l` would take it.
    public var description: String {
        requirements.map(\.description).joined(separator: ",")
    }
}

extension Selector.Requirement: CustomStringConvertible {
    public var description: String {
        switch test {
        case .isIn(let values) where values.count == 1: "\(key)=\(values[0])"
        case .isIn(let values): "\(key) in (\(values.joined(separator: ",")))"
        case .isNotIn(let values): "\(key) notin (\(values.joined(separator: ",")))"
        case .exists: key
        case .doesNotExist: "!\(key)"
        }
    }
}
