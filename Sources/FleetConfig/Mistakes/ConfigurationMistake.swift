public import FleetModel

/// One thing that is wrong in the inventory, a policy, a takeover or a manifest.
///
/// How each kind of mistake reads is decided by the factories in this type's
/// extensions, one per topic, so that the readers only say what happened.
public struct ConfigurationMistake: OperatorError, Hashable {
    public let problem: String
    /// Where the mistake is; `nil` when the file itself could not be read.
    public let location: SourceLocation?
    public let hint: String?

    public init(_ problem: String, at location: SourceLocation?, hint: String? = nil) {
        self.problem = problem
        self.location = location
        self.hint = hint
    }

    public var place: String? { location?.description }
}

extension ConfigurationMistake: Comparable {
    /// By place, so that an operator can walk through a file from top to bottom.
    public static func < (lhs: ConfigurationMistake, rhs: ConfigurationMistake) -> Bool {
        switch (lhs.location, rhs.location) {
        case (let left?, let right?) where left != right: left < right
        case (nil, _?): true
        case (_?, nil): false
        default: lhs.problem < rhs.problem
        }
    }
}
