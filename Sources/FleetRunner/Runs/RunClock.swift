public import FleetModel

/// The time a run lives by. Tests bring their own.
public struct RunClock: Sendable {
    public let now: @Sendable () -> Timestamp
    /// Returns early, without an error, when the task is cancelled.
    public let sleep: @Sendable (Duration) async -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async -> Void
    ) {
        (self.now, self.sleep) = (now, sleep)
    }
}
