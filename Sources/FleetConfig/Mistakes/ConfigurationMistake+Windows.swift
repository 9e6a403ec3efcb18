import FleetModel

/// Mistakes in when clusters may be changed.
extension ConfigurationMistake {
    static func noWindows(at location: SourceLocation) -> Self {
        Self(
            "`windows` has no rule", at: location,
            hint: "write an entry under `allow` or `deny`, or leave `windows` out")
    }

    static func noEntries(_ key: String, at location: SourceLocation) -> Self {
        Self("`\(key)` has no entries", at: location, hint: "write one, or leave `\(key)` out")
    }

    static func namesNothing(
        _ key: String, _ noun: String, _ meaning: String, at location: SourceLocation
    ) -> Self {
        Self("`\(key)` names no \(noun)", at: location, hint: "leave it out for \(meaning)")
    }

    static func badTime(_ key: String, _ mistake: WindowTime.Mistake, got node: YAMLNode) -> Self {
        switch mistake {
        case .otherForm:
            wrongType(
                key, should: "a time of day or a date", got: node,
                hint: "write it such as `22:00`, `2026-12-18 18:00` or `2026-12-18`")
        case .noSuchTime:
            outOfRange(
                key, should: "from 00:00 to 23:59", got: node.shown, at: node.location,
                hint: "midnight is `00:00` of the day that begins then")
        case .noSuchDay:
            outOfRange(
                key, should: "a day that the calendar has, from 1970 on", got: node.shown,
                at: node.location)
        }
    }

    static func mixedTimes(_ title: String, at location: SourceLocation) -> Self {
        Self(
            "\(title) has a time of day and a date", at: location,
            hint: "write both as `22:00`, for every week, or both as `2026-12-18 22:00`, for once")
    }

    static func daysOfDates(_ title: String, at location: SourceLocation) -> Self {
        Self(
            "\(title) has both `days` and dates, and a date says its day itself", at: location,
            hint: "leave `days` out, or write times of day such as `22:00`")
    }

    static func endsTooEarly(
        _ end: LocalTime, from start: LocalTime, at location: SourceLocation
    ) -> Self {
        outOfRange(
            "to", should: "later than `from`, \(start)", got: "\(end)".quoted, at: location,
            hint: "swap the two, or write a later end")
    }

    static func badZone(_ name: String, at location: SourceLocation) -> Self {
        Self(
            "`zone` should be a time zone by its IANA name, got: \(name.shown)", at: location,
            hint: ZoneRule.nearest(to: name).map { "did you mean `\($0)`?" }
                ?? "name a place, such as `Europe/Berlin`, or write `UTC`: "
                + "nothing else says when summer time begins")
    }
}
