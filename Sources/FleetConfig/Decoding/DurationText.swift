import FleetModel

/// Durations as people write them: `90s`, `10m`, `1h30m`, `2d`.
enum DurationText {
    /// Why a text is no duration, as far as that helps.
    struct Mistake: Error {
        let hint: String?
    }

    /// Units from the longest, with their seconds. Each may come once, in this order.
    private static let units: [(letter: Character, seconds: Int)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    static func parse(_ node: YAMLNode) throws(Mistake) -> Duration {
        guard let text = node.text else { throw Mistake(hint: nil) }
        if WholeNumber.isWritten(in: text), !text.hasPrefix("-") {
            throw Mistake(hint: "add a unit: `\(text.shortened)s`, `\(text.shortened)m`")
        }
        guard let duration = parse(text) else { throw Mistake(hint: nil) }
        return duration
    }

    static func parse(_ text: String) -> Duration? {
        guard !text.isEmpty else { return nil }
        var (rest, seconds, units) = (Substring(text), 0, units[...])
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let number = Int(digits), let letter = rest.popFirst(),
                let unit = units.firstIndex(where: { $0.letter == letter }),
                let sum = sum(seconds, number, of: units[unit].seconds)
            else { return nil }
            seconds = sum
            units = units[(unit + 1)...]
        }
        return .seconds(seconds)
    }

    /// `nil` beyond a century, which is no patience but a slip.
    private static func sum(_ seconds: Int, _ number: Int, of unit: Int) -> Int? {
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        let (sum, overflowToo) = seconds.addingReportingOverflow(product)
        return overflow || overflowToo || sum > 100 * 365 * 86_400 ? nil : sum
    }
}

extension Duration {
    /// The longest time a setting may ask for.
    static let year: Duration = .seconds(365 * 86_400)
}
