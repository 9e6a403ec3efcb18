import FleetModel

/// How long a workload takes, from its restart to the next one's.
struct RestartPace: Hashable, Sendable {
    let each: Duration

    /// The middle one of the last few is what counts: a halt in between is no pace, and neither
    /// is what was restarted long ago.
    init(_ moved: [Workload], settle: Duration) {
        let moments = moved.compactMap { Timestamp(rfc3339: $0.lastRestart) }.sorted()
            .suffix(memory + 1)
        let gaps = zip(moments.dropFirst(), moments).map { $0 - $1 }.sorted()
        each = gaps.count < fewest ? settle + rolloutEstimate : gaps[gaps.count / 2]
    }

    /// How long so many take, for people.
    func time(for workloads: Int) -> String {
        let seconds = each.inMilliseconds / 1_000 * Int64(workloads)
        let minutes = max(1, (seconds + 30) / 60)
        return minutes < 60 ? "\(minutes)m" : Duration.minutes(Int(minutes)).short
    }
}

/// Until it is known better. Most take half a minute to some minutes.
private let rolloutEstimate = Duration.minutes(1)
/// One gap or two tell little.
private let fewest = 3
private let memory = 10
