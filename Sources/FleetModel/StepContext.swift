/// Everything a step may base its answer on.
public struct StepContext: Sendable {
    public var readings: [Reading: ReadResult]
    /// Items that have held long enough in this attempt, since it last changed something.
    public var settled: Set<String>
    /// Whether this attempt has run a mutating command.
    public var hasActed: Bool
    /// What the step remembered right before the first of them, or what an earlier attempt did
    /// that was never judged; `nil` when there is neither, or the step remembers nothing.
    public var baseline: (any StepBaseline)?
    /// The commands that this attempt ran last, and with success: what a step may look at
    /// alone while they take effect.
    public var lastRun: [Command]
    public var now: Timestamp

    public init(
        readings: [Reading: ReadResult] = [:], settled: Set<String> = [], hasActed: Bool = false,
        baseline: (any StepBaseline)? = nil, lastRun: [Command] = [], now: Timestamp
    ) {
        self.readings = readings
        self.settled = settled
        self.hasActed = hasActed
        self.baseline = baseline
        self.lastRun = lastRun
        self.now = now
    }

    public subscript(reading: Reading) -> ReadResult? { readings[reading] }
}
