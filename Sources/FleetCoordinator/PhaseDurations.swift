import FleetModel

/// How long clusters took for a phase that changed something on them.
struct PhaseDurations: Hashable, Sendable {
    /// In order, the shortest first.
    private var durations: [Duration] = []

    mutating func insert(_ duration: Duration) {
        let place = durations.partitioningIndex { $0 >= duration }
        durations.insert(duration, at: place)
    }

    /// What 95 of 100 clusters do not exceed (nearest rank); `nil` before three have shown it.
    var p95: Duration? {
        guard durations.count >= 3 else { return nil }
        return durations[(durations.count * 95 + 99) / 100 - 1]
    }
}

extension Array {
    /// The first place from which on all fulfil a condition that nobody before does.
    fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
