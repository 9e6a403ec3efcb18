import FleetCalendar
import FleetModel
import FleetTestKit
import Foundation

/// A random weekly rule in a random zone, and nine days to look at it: half of the time around a
/// change of that zone's clock, if it has one.
struct WeeklySample: CustomStringConvertible {
    let zone: TimeZone
    let days: [Weekday]
    let from: TimeOfDay
    let to: TimeOfDay
    let start: Timestamp

    static let length = 9

    init(using random: inout SeededGenerator) throws {
        let name = TimeZone.knownTimeZoneIdentifiers.sorted().randomElement(using: &random)
        zone = TimeZone(identifier: name ?? "") ?? .gmt
        days = Weekday.allCases.filter { _ in random.chance(60) }
        from = try Self.time(using: &random)
        to = random.chance(20) ? from : try Self.time(using: &random)
        // From 1972 to 2036, in seconds.
        var second = Int64.random(in: 63_072_000..<2_082_758_400, using: &random)
        if random.chance(50) {
            let date = Date(timeIntervalSince1970: TimeInterval(second))
            let change = zone.nextDaylightSavingTimeTransition(after: date)
            second = change.map { Int64($0.timeIntervalSince1970) - 4 * 86_400 } ?? second
        }
        start = Timestamp(milliseconds: second / 60 * 60_000)
    }

    /// Mostly where clocks are changed: about midnight and soon after.
    private static func time(using random: inout SeededGenerator) throws -> TimeOfDay {
        let hour = random.chance(70) ? [23, 0, 0, 1, 2, 3].randomElement(using: &random) : nil
        let minute = [0, 0, 15, 30, 45, Int.random(in: 0..<60, using: &random)]
            .randomElement(using: &random)
        return try TimeOfDay(
            text: "\(hour ?? Int.random(in: 0..<24, using: &random)):\(minute ?? 0)")
    }

    var description: String {
        let rule = WindowRule(.allow, .weekly(days, from: from, to: to), zone: zone.identifier)
        return "\(rule) from \(start.text)"
    }

    func hours(_ effect: WindowRule.Effect) throws -> OpenHours {
        let rule = WindowRule(effect, .weekly(days, from: from, to: to), zone: zone.identifier)
        let length = Duration.seconds(Self.length * 86_400)
        return try WindowTimes(of: Windows([rule]), from: start, for: length).rules[0]
    }

    /// Every five minutes.
    var moments: [Timestamp] {
        (0..<Self.length * 288).map { start + .minutes($0 * 5) }
    }

    /// Whether the clock is another at any time near the sample than at its beginning.
    var changesClock: Bool {
        let offsets = (-48..<(Self.length + 9) * 24).map { offset(at: start + .minutes($0 * 60)) }
        return Set(offsets).count > 1
    }

    /// Whether a clock in the zone shows a time of the rule.
    func isShown(at moment: Timestamp) -> Bool {
        let shown = (moment.milliseconds / 1_000 + offset(at: moment)) / 60
        let (day, minute) = (Int(shown / 1_440), Int(shown % 1_440))
        let (begin, end) = (from.hour * 60 + from.minute, to.hour * 60 + to.minute)
        // The first day of 1970 was a Thursday.
        let today = days.contains(Weekday.allCases[(day + 3) % 7])
        let yesterday = days.contains(Weekday.allCases[(day + 2) % 7])
        return begin < end
            ? today && (begin..<end).contains(minute)
            : (today && minute >= begin) || (yesterday && minute < end)
    }

    private func offset(at moment: Timestamp) -> Int64 {
        let date = Date(timeIntervalSince1970: TimeInterval(moment.milliseconds) / 1_000)
        return Int64(zone.secondsFromGMT(for: date))
    }
}
