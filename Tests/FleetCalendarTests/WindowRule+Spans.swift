import FleetCalendar
import FleetModel
import Foundation

extension WindowRule {
    /// When the rule holds, as people write it: `2026-07-11T20:00Z/2026-07-12T02:00Z`.
    func spans(from now: String, days: Int) throws -> [String] {
        let times = try WindowTimes(
            of: Windows([self]), from: try Timestamp(text: now), for: .seconds(days * 86_400))
        return times.rules.flatMap(\.spans).map { "\($0.lowerBound.text)/\($0.upperBound.text)" }
    }

    static func allow(_ days: [Weekday], _ from: String, _ to: String, _ zone: String) throws
        -> WindowRule
    { try weekly(.allow, days, from, to, zone) }

    static func deny(_ days: [Weekday], _ from: String, _ to: String, _ zone: String) throws
        -> WindowRule
    { try weekly(.deny, days, from, to, zone) }

    private static func weekly(
        _ effect: Effect, _ days: [Weekday], _ from: String, _ to: String, _ zone: String
    ) throws -> WindowRule {
        WindowRule(
            effect, .weekly(days, from: try TimeOfDay(text: from), to: try TimeOfDay(text: to)),
            zone: zone)
    }

    static func once(_ effect: Effect, _ from: String, _ to: String, _ zone: String) throws
        -> WindowRule
    {
        WindowRule(
            effect, .once(from: try LocalTime(text: from), to: try LocalTime(text: to)), zone: zone)
    }
}

extension Timestamp {
    /// `2026-07-11T20:00Z`: in UTC, to the minute.
    init(text: String) throws {
        let date = try Date("\(text.dropLast()):00Z", strategy: .iso8601)
        self.init(milliseconds: Int64(date.timeIntervalSince1970) * 1_000)
    }

    var text: String {
        let date = Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1_000)
        return date.formatted(.iso8601).replacing(":00Z", with: "Z")
    }
}

extension TimeOfDay {
    /// `22:00`
    init(text: String) throws {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, let time = TimeOfDay(hour: parts[0], minute: parts[1]) else {
            throw NoSuchTime(text: text)
        }
        self = time
    }
}

extension LocalTime {
    /// `2026-12-18 18:00`
    init(text: String) throws {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        let time = try TimeOfDay(text: String(text.dropFirst(11)))
        guard parts.count == 3,
            let local = LocalTime(year: parts[0], month: parts[1], day: parts[2], time)
        else { throw NoSuchTime(text: text) }
        self = local
    }
}

/// A test that names no time.
private struct NoSuchTime: Error {
    let text: String
}
