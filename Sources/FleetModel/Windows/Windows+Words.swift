extension WindowRule: CustomStringConvertible {
    /// The rule as people say it: `allow sat, sun 22:00-04:00 Europe/Berlin (tier=edge)`.
    public var description: String {
        let whose = clusters.map { " (\($0))" } ?? ""
        return "\(effect.rawValue) \(span) \(zone)\(whose)"
    }
}

extension WindowSpan: CustomStringConvertible {
    public var description: String {
        switch self {
        case .weekly(let days, let from, let to):
            let names = days.map(\.rawValue).joined(separator: ", ")
            return "\(days.count == Weekday.allCases.count ? "daily" : names) \(from)-\(to)"
        case .once(let from, let to):
            return "\(from) to \(to)"
        }
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `22:00`
    public var description: String { "\(padded(hour, 2)):\(padded(minute, 2))" }
}

extension LocalTime: CustomStringConvertible {
    /// `2026-12-15 18:00`
    public var description: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) \(time)"
    }
}

private func padded(_ number: Int, _ digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
