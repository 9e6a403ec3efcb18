import FleetModel

/// How long to wait before a step is tried again.
///
/// Doubling from two seconds to a minute, less up to a quarter: enough for a
/// conflict to clear at once and for a rebooting API server not to be hammered.
/// The part that is taken off is drawn from the attempt's own name, so that a
/// hundred clusters which failed together do not come back together, and a
/// replay still waits exactly as long.
enum Backoff {
    static func delay(after attempt: Attempt) -> Duration {
        let doublings = min(max(attempt.number - 1, 0), 5)
        let full = min(2_000 << doublings, 60_000)
        let share = Int(scramble(attempt) % 250)
        return .milliseconds(full - full * share / 1_000)
    }

    /// FNV-1a over the attempt's name: the same on every machine, as `Hasher` is not.
    private static func scramble(_ attempt: Attempt) -> UInt64 {
        let name = "\(attempt.cluster)/\(attempt.phase)/\(attempt.step)/\(attempt.number)"
        return name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
