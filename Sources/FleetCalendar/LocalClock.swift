import FleetModel
import Foundation

/// The clock on the wall in a time zone: at which moments it shows a time.
///
/// A clock that is put forward skips times, one that is put back shows some twice:
///
/// ```
///   put forward at 2:00              put back at 3:00
///   1:58 1:59 │ 3:00 3:01            2:00 … 2:59 │ 2:00 … 2:59 3:00
/// ```
///
/// It asks `Calendar.date(from:)` and `TimeZone.nextDaylightSavingTimeTransition(after:)`, which
/// are right on Linux for every zone and every change of the clock from 1970 to 2045. The obvious
/// `Calendar.nextDate(after:matching:)` with its policies isn't: it doesn't find the second
/// moment of a change by half an hour or across midnight, nor any moment of a day that a zone
/// left out. And it takes a hundred times as long.
struct LocalClock {
    private let zone: TimeZone
    private let calendar: Calendar

    init(zone name: String) throws(UnknownZone) {
        guard let zone = TimeZone(identifier: name) else { throw UnknownZone(name) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        (self.zone, self.calendar) = (zone, calendar)
    }

    /// The first and the last moment at which the clock shows a time: one and the same, but when
    /// the clock was put back. A time that it skips counts as the moment of the change.
    func moments(of time: LocalTime) -> ClosedRange<Timestamp> {
        let first = firstDate(of: time)
        let changes = changes(around: first)
        guard !changes.isEmpty else { return Timestamp(first)...Timestamp(first) }
        guard shows(time, at: first) else {
            let change = changes.last { $0 <= first } ?? first
            return Timestamp(change)...Timestamp(change)
        }
        let again = changes.map { first + timePutBack(at: $0) }
        let last = again.last { $0 > first && shows(time, at: $0) } ?? first
        return Timestamp(first)...Timestamp(last)
    }

    /// The first moment of a time. One that is skipped is told by the clock of before the change,
    /// so that it lies at the change or after it, by less than what was skipped.
    private func firstDate(of time: LocalTime) -> Date {
        let components = DateComponents(
            year: time.year, month: time.month, day: time.day,
            hour: time.time.hour, minute: time.time.minute)
        guard let date = calendar.date(from: components) else {
            preconditionFailure("The calendar has no \(time) in \(zone.identifier).")
        }
        return date
    }

    /// When the clock is put forward or back, up to a day before or after a moment: no change of
    /// any zone since 1970 is larger than the day that Samoa left out.
    private func changes(around date: Date) -> [Date] {
        sequence(first: date - 86_400) { zone.nextDaylightSavingTimeTransition(after: $0) }
            .prefix(1 + Self.mostChanges).prefix { $0 <= date + 86_400 }.dropFirst().map { $0 }
    }

    /// So many changes in two days at most. In fact it is one, and perhaps another that renames
    /// the time and leaves the clock as it is.
    private static let mostChanges = 4

    private func timePutBack(at change: Date) -> TimeInterval {
        TimeInterval(zone.secondsFromGMT(for: change - 1) - zone.secondsFromGMT(for: change))
    }

    private func shows(_ time: LocalTime, at date: Date) -> Bool {
        let shown = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        return shown.hour == time.time.hour && shown.minute == time.time.minute
            && shown.day == time.day && shown.month == time.month && shown.year == time.year
    }
}
