/// A moment of the lab's own time, in milliseconds since 1970 (UTC).
///
/// The lab may run faster than the world, so its moments are not `Date`s that
/// somebody could compare with the wall clock.
public struct LabTime: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads what `timestamp` writes, and the form with fractions that leases use.
    /// - Returns: `nil` when the text is no RFC 3339 time in UTC.
    public init?(_ text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: "T")
        guard parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int64($0) }
        let clock = parts[1].split(separator: ":")
        guard date.count == 3, clock.count == 3, let hour = Int64(clock[0]),
            let minute = Int64(clock[1]), let second = Double(clock[2])
        else { return nil }
        guard (1...9999).contains(date[0]), (1...12).contains(date[1]), (1...31).contains(date[2]),
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<61).contains(second)
        else { return nil }
        let days = Self.days(year: date[0], month: date[1], day: date[2])
        let wholeMinutes = (days * 24 + hour) * 60 + minute
        milliseconds = wholeMinutes * 60_000 + Int64((second * 1000).rounded())
    }

    public static func < (left: LabTime, right: LabTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    public static func + (time: LabTime, seconds: Int) -> LabTime {
        LabTime(milliseconds: time.milliseconds + Int64(seconds) * 1000)
    }

    /// The time between two moments, in milliseconds.
    public static func - (left: LabTime, right: LabTime) -> Int64 {
        left.milliseconds - right.milliseconds
    }

    /// The moment as Kubernetes writes it, in whole seconds: `2026-11-21T02:50:00Z`.
    public var timestamp: String { date + "T" + clock + "Z" }

    private var secondsSince1970: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    private var daysSince1970: Int64 {
        let seconds = secondsSince1970
        return seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
    }

    private var clock: String {
        let second = Int(secondsSince1970 - daysSince1970 * 86400)
        return [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }
            .joined(separator: ":")
    }

    private var date: String {
        let (year, month, day) = Self.civil(days: daysSince1970)
        return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The Gregorian date of a day, by the era arithmetic of Howard Hinnant's
    /// "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
