import FleetModel

extension Duration {
    /// The duration without units that are zero: `10m`, `1h 30m`, `45s`.
    ///
    /// For times somebody chose, which are round; ``FleetModel`` writes those
    /// that pass on a clock.
    var compact: String {
        let seconds = max(0, inMilliseconds / 1_000)
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ]
        let words = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }
        return words.isEmpty ? "0s" : words.joined(separator: " ")
    }

    /// How long a command took: `340ms`, `2.4s`, `1m 12s`.
    var precise: String {
        let milliseconds = max(0, inMilliseconds)
        return switch milliseconds {
        case ..<1_000: "\(milliseconds)ms"
        case ..<60_000: "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100)s"
        default: short
        }
    }
}
