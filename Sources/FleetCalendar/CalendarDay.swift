import FleetModel
import Foundation

/// A day by its date, which begins and ends at other moments in every zone.
struct CalendarDay: Hashable {
    let year: Int
    let month: Int
    let day: Int
    let weekday: Weekday

    /// `nil` in years that no ``LocalTime`` has.
    func at(_ time: TimeOfDay) -> LocalTime? {
        LocalTime(year: year, month: month, day: day, time)
    }
}

extension CalendarDay {
    /// The days that a stretch of time has in any zone, in order, and a ``margin`` around it.
    static func all(around time: Range<Timestamp>) -> [CalendarDay] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let first = calendar.startOfDay(for: Date(time.lowerBound + .seconds(-margin * 86_400)))
        let last = Date(time.upperBound + .seconds(margin * 86_400))
        // Every day of UTC has 86 400 seconds.
        return stride(from: first, through: last, by: 86_400).map { day in
            CalendarDay(
                year: calendar.component(.year, from: day),
                month: calendar.component(.month, from: day),
                day: calendar.component(.day, from: day),
                weekday: Weekday(calendar.component(.weekday, from: day)))
        }
    }

    /// Nine days: the six that days open all day can be joined to at most, unless all seven are,
    /// one for a window that ends on the day after, one for zones whose date is another than that
    /// of UTC, and one to spare.
    private static let margin = 9
}

extension Weekday {
    /// From the number that Foundation's calendar gives it, where 1 is Sunday.
    fileprivate init(_ number: Int) {
        self = [.sun, .mon, .tue, .wed, .thu, .fri, .sat][number - 1]
    }
}
