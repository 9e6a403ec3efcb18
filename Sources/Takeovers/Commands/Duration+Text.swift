import FleetModel

extension Duration {
    /// Reads a duration such as `90s`, `1h30m` or `500ms`; `nil` for anything else.
    init?(text: String) {
        var total: Int64 = 0
        var rest = text[...]
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Int64(digits), let length = unitLengths[String(unit)],
                number <= longest / length
            else { return nil }
            total += number * length
            rest = rest.dropFirst(digits.count + unit.count)
        } while !rest.isEmpty
        guard total <= longest else { return nil }
        self = .milliseconds(total)
    }
}

private let unitLengths: [String: Int64] = [
    "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
]

/// A year in milliseconds; longer than any wait that makes sense.
private let longest: Int64 = 365 * 86_400_000
