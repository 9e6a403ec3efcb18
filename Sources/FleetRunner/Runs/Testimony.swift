public import FleetModel

/// What an attempt has journaled besides its commands and its outcome.
public struct Testimony: Sendable {
    /// Who its clusters are.
    public let pin: Pinning
    /// What it found that somebody has answered for. It stands in front of the outcome.
    public let waive: @Sendable (WaivedFinding) -> Void

    public init(
        pin: @escaping Pinning, waive: @escaping @Sendable (WaivedFinding) -> Void = { _ in }
    ) {
        (self.pin, self.waive) = (pin, waive)
    }
}
