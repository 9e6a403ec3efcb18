/// Durations of one thing, measured several times.
struct Samples: Sendable {
    private(set) var values: [Duration] = []

    init(_ values: [Duration] = []) { self.values = values }

    mutating func append(_ value: Duration) { values.append(value) }

    var median: Duration { percentile(50) }
    var longest: Duration { values.max() ?? .zero }

    /// The smallest value that so many hundredths of all values don't exceed;
    /// zero when nothing was measured.
    func percentile(_ hundredths: Int) -> Duration {
        guard !values.isEmpty else { return .zero }
        let rank = (values.count * hundredths + 99) / 100
        return values.sorted()[max(0, rank - 1)]
    }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// Three digits and the unit that fits: `12.3 ms`.
    var words: String {
        let seconds = inSeconds
        return switch seconds {
        case 1...: "\(seconds.threeDigits) s"
        case 1e-3...: "\((seconds * 1e3).threeDigits) ms"
        default: "\((seconds * 1e6).threeDigits) µs"
        }
    }

    /// How many times as long as another one this is: `1.07×`.
    func times(_ other: Duration) -> String {
        other > .zero ? "\((self / other).threeDigits)×" : "–"
    }
}

extension Double {
    var threeDigits: String {
        let digits = self >= 99.95 ? 0 : self >= 9.995 ? 1 : 2
        let scale = [1.0, 10, 100][digits]
        let scaled = Int((self * scale).rounded())
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(scale))
        let fraction = "\(rest)"
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        return digits == 0 ? "\(whole)" : "\(whole).\(zeros)\(fraction)"
    }
}
