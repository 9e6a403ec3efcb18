/// A clock whose sleeps take a fraction of their time. Nothing is read off it: it is
/// for waits that a test has no use for.
struct HurriedClock: Clock {
    typealias Instant = ContinuousClock.Instant

    var factor = 100

    var now: Instant { ContinuousClock().now }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let clock = ContinuousClock()
        try await clock.sleep(for: clock.now.duration(to: deadline) / factor)
    }
}
