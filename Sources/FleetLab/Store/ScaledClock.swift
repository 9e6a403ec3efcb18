import Foundation

/// The wall clock, running faster or slower than the world from its start on.
public struct ScaledClock: LabClock {
    private let start: ContinuousClock.Instant
    private let startTime: LabTime
    /// Seconds of the lab for each second of the world.
    public let speed: Double

    /// - Parameter speed: above zero; 10 makes a minute pass in six seconds.
    public init(speed: Double = 1) {
        precondition(speed > 0 && speed.isFinite, "a clock can't run at speed \(speed)")
        self.speed = speed
        start = ContinuousClock.now
        startTime = LabTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    public var now: LabTime {
        let real = (ContinuousClock.now - start) / .milliseconds(1)
        return LabTime(milliseconds: startTime.milliseconds + Int64(real * speed))
    }
}
