public import FleetModel

/// A moment as calendar and clock show it in UTC.
///
/// Pure arithmetic on the proleptic Gregorian calendar, after Howard Hinnant's
/// "chrono-compatible low-level date algorithms": no locale and no time zone
/// database can change what a journal says.
struct CivilTime: Hashable, Sendable {
    let year: Int64
    let month: Int64
    let day: Int64
    let millisecondOfDay: Int64

    init(_ time: Timestamp) {
        let (days, rest) = time.milliseconds.flooredDivision(by: millisecondsPerDay)
        millisecondOfDay = rest
        // Years are counted from 1 March, so that a leap day is a year's last.
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let leaps = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leaps) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The moment as RFC 3339 writes it, with milliseconds: `2026-03-01T14:03:22.500Z`.
    var rfc3339: String { "\(date)T\(clock).\((millisecondOfDay % 1_000).padded(to: 3))Z" }

    /// `2026-03-01`
    var date: String { "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))" }

    /// `14:03:22`
    var clock: String { clockText(secondOfDay: Int(millisecondOfDay / 1_000)) }
}

/// Seconds since midnight as `14:03:22`. A number outside the day wraps around.
func clockText(secondOfDay: Int) -> String {
    let (_, seconds) = Int64(secondOfDay).flooredDivision(by: 86_400)
    return [seconds / 3_600, seconds / 60 % 60, seconds % 60]
        .map { $0.padded(to: 2) }.joined(separator: ":")
}

extension Timestamp {
    /// The moment as RFC 3339 writes it in UTC, with milliseconds.
    public var rfc3339: String { CivilTime(self).rfc3339 }

    /// Seconds since midnight in UTC, from 0 to 86,399.
    public var secondOfDayUTC: Int { Int(CivilTime(self).millisecondOfDay / 1_000) }
}

private let millisecondsPerDay: Int64 = 86_400_000

extension Int64 {
    /// Division that rounds down, so that moments before 1970 fall on the right day.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    fileprivate func padded(to digits: Int) -> String {
        let text = String(magnitude)
        let zeros = String(repeating: "0", count: Swift.max(0, digits - text.count))
        return (self < 0 ? "-" : "") + zeros + text
    }
}
