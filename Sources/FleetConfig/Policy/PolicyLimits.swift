import FleetModel

/// The ranges a policy's settings must keep to.
enum PolicyLimits {
    /// A step that failed this often fails again; what an operator wants then is to know.
    static let attempts = 1...10
    /// No run changes more clusters at once than one coordinator can watch.
    static let concurrency = 1...10_000
    static let tolerance = 0...Int.max
    /// A halt must leave time to reach a safe point, or it would do harm itself.
    static let drainDeadline: ClosedRange<Duration> = .seconds(1) ... .year
    static let progressDeadline: ClosedRange<Duration> = .seconds(1) ... .year
    static let soak: ClosedRange<Duration> = .zero ... .year
    /// Hardly a window has begun more than a day before its end.
    static let margin: ClosedRange<Duration> = .zero ... .seconds(86_400)
    /// Entries of `allow`, and as many of `deny`. More are a calendar, not a rule.
    static let windowRules = 1_000
    /// Waves of one phase. More are a program, not a plan that somebody can read.
    static let waves = 1_000
}
