import FleetModel

extension Timestamp {
    /// The moment as Kubernetes' MicroTime: `2025-05-20T09:41:07.123000Z`, in UTC.
    ///
    /// Years before 0000 and after 9999 have no such text; they are shown as those.
    var microTime: String {
        let clamped = min(max(milliseconds, earliestText), latestText)
        let (day, time) = clamped.quotientAndRemainder(rounding: 86_400_000)
        let (year, month, dayOfMonth) = civilDate(daysSince1970: day)
        let seconds = time / 1_000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
            + "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2))"
            + ":\(padded(seconds % 60, 2)).\(padded(time % 1_000, 3))000Z"
    }

    /// The moment in whole seconds: `2025-05-20T09:41:07Z`.
    var rfc3339: String { String(microTime.prefix(19)) + "Z" }

    /// Reads an RFC 3339 time in UTC, such as `2025-05-20T09:41:07Z`.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
        self.init(milliseconds: seconds * 1_000 + fraction(bytes[19..<(bytes.count - 1)]))
    }
}

/// 0000-01-01 and the last millisecond of 9999.
private let (earliestText, latestText): (Int64, Int64) = (-62_167_219_200_000, 253_402_300_799_999)

extension Int64 {
    fileprivate func quotientAndRemainder(rounding divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Days and dates of the Gregorian calendar, after Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms".
private func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(rounding: 146_097)
    let yearOfEra =
        (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
}

private func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).quotientAndRemainder(rounding: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
        return nil
    }
    return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
}

/// Whole milliseconds of a fraction such as `.123456`; none when it is no fraction.
private func fraction(_ text: ArraySlice<UInt8>) -> Int64 {
    guard text.first == UInt8(ascii: "."), let value = number(text.dropFirst().prefix(3)) else {
        return 0
    }
    return [0, value * 100, value * 10, value][min(text.count - 1, 3)]
}
