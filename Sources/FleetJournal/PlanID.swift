public import FleetModel

/// The name of a plan, short enough to read over the phone: `7F3K`.
///
/// It is the beginning of the plan's hash in base 32: four characters, or as
/// many more as tell it from the other plans of the same journal.
public struct PlanID: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}
