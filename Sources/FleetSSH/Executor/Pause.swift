/// Waits between tries: ever longer, never quite as long as anybody else's.
struct Pause {
    let limits: SSHLimits
    let chance: Chance
    private var length: Duration

    init(limits: SSHLimits, chance: Chance) {
        (self.limits, self.chance) = (limits, chance)
        length = limits.firstPause
    }

    mutating func next() -> Duration {
        defer { length = min(length * 2, limits.longestPause) }
        return chance.jittered(length)
    }
}
