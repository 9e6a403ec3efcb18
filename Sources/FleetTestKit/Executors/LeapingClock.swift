import Synchronization

/// A clock on which sleeping takes no time: who sleeps moves the time on.
///
/// For tests in which one task at a time waits. Where several do, the one that
/// sleeps last sees the latest time.
public final class LeapingClock: Clock {
    /// Time since the clock was made.
    public struct Instant: InstantProtocol {
        let sinceStart: Duration

        public func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: sinceStart + duration)
        }

        public func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }

        public static func < (lhs: Instant, rhs: Instant) -> Bool {
            lhs.sinceStart < rhs.sinceStart
        }
    }

    private let time = Mutex(Instant(sinceStart: .zero))

    public init() {}

    public var now: Instant { time.withLock { $0 } }
    public var minimumResolution: Duration { .nanoseconds(1) }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
    }
}
