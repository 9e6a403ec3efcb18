public import FleetModel

/// How a written amount becomes a number of clusters.
///
/// Integer arithmetic only, and each direction is the safe one: a tolerance is
/// never rounded up, and a concurrency never comes to nothing, which some tools
/// read as "all".
public enum Rounding {
    /// Clusters that may change at once, of a wave of `clusters`; `nil` when
    /// the amount makes no sense for it.
    public static func concurrency(_ amount: Amount, of clusters: Int) -> Int? {
        switch amount {
        case .count(let count): (1...max(clusters, 1)).contains(count) ? count : nil
        case .percent(let percent): share(percent, of: clusters, atLeast: 1)
        }
    }

    /// Failures a wave of `clusters` tolerates; may be zero. `nil` when the
    /// amount is negative or beyond the wave.
    public static func tolerance(_ amount: Amount, of clusters: Int) -> Int? {
        switch amount {
        case .count(let count): (0...clusters).contains(count) ? count : nil
        case .percent(0): 0
        case .percent(let percent): share(percent, of: clusters, atLeast: 0)
        }
    }

    /// Clusters a wave takes, when its size is a share of all `clusters`.
    public static func size(_ amount: Amount, of clusters: Int) -> Int? {
        switch amount {
        case .count(let count): count > 0 ? count : nil
        case .percent(let percent): share(percent, of: clusters, atLeast: 1)
        }
    }

    private static func share(_ percent: Int, of clusters: Int, atLeast least: Int) -> Int? {
        guard (1...100).contains(percent) else { return nil }
        return max(least, percent * clusters / 100)
    }
}
