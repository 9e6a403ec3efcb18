public import FleetModel

/// A window's time zone isn't one of those this machine knows, as that of a plan made on another
/// machine may not be.
public struct UnknownZone: OperatorError, Hashable {
    public let name: String

    public init(_ name: String) { self.name = name }

    public var problem: String { "this machine knows no time zone \(name.quoted)" }

    public var hint: String? {
        "name another place in the policy's `windows`, such as `Europe/Berlin`, and plan again"
    }
}
