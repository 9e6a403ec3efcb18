import Foundation
import Synchronization

/// The wall clock, running faster or slower than the world from its start on.
///
/// A lab that gets no processor for a while must not find that ten minutes have passed and every
/// rollout has missed its deadline: what lies between two looks at the clock counts as
/// ``longestPause`` at most. A lab that lives looks once a second at least.
public final class ScaledClock: LabClock {
    /// Seconds of the lab for each second of the world.
    public let speed: Double
    private let elapsed: @Sendable () -> Duration
    private let lastLook: Mutex<Look>

    private struct Look {
        var elapsed: Duration
        var milliseconds: Double
    }

    /// In seconds of the world.
    static let longestPause = Duration.seconds(2)

    /// - Parameter speed: above zero; 10 makes a minute pass in six seconds.
    public convenience init(speed: Double = 1) {
        let start = ContinuousClock.now
        self.init(speed: speed) { ContinuousClock.now - start }
    }

    /// A clock of which it is known how much of the world's time has `elapsed`.
    init(speed: Double, elapsed: @escaping @Sendable () -> Duration) {
        precondition(speed > 0 && speed.isFinite, "a clock can't run at speed \(speed)")
        self.speed = speed
        self.elapsed = elapsed
        let now = Date().timeIntervalSince1970 * 1000
        lastLook = Mutex(Look(elapsed: elapsed(), milliseconds: now.rounded(.down)))
    }

    public var now: LabTime {
        lastLook.withLock { look in
            let elapsed = elapsed()
            let pause = min(max(elapsed - look.elapsed, .zero), Self.longestPause)
            look.elapsed = max(elapsed, look.elapsed)
            look.milliseconds += pause / .milliseconds(1) * speed
            return LabTime(milliseconds: Int64(look.milliseconds))
        }
    }
}
