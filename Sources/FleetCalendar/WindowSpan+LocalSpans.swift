import FleetModel

extension WindowSpan {
    /// The stretches of local time that begin on these days, in order and apart from one another.
    ///
    /// Those that touch are joined here, while they are local time still. Joined as moments they
    /// could have a hole: where the clock is put back to midnight, as in Havana, midnight comes
    /// twice, and an `allow` would close at the first and open at the second, in the midst of
    /// days that are open all day. Two rules that meet at such a midnight do have that hole.
    func localSpans(on days: [CalendarDay]) -> [Range<LocalTime>] {
        switch self {
        case .once(let from, let to):
            return from < to ? [from..<to] : []
        case .weekly(let weekdays, let from, let to):
            let spans = zip(days, days.dropFirst()).compactMap { day, next in
                weekdays.contains(day.weekday)
                    ? span(day.at(from), (from < to ? day : next).at(to)) : nil
            }
            return joiningThoseThatTouch(spans)
        }
    }
}

private func span(_ begin: LocalTime?, _ end: LocalTime?) -> Range<LocalTime>? {
    guard let begin, let end else { return nil }
    return begin..<end
}

private func joiningThoseThatTouch(_ spans: [Range<LocalTime>]) -> [Range<LocalTime>] {
    spans.reduce(into: []) { joined, span in
        if let last = joined.last, last.upperBound == span.lowerBound {
            joined[joined.count - 1] = last.lowerBound..<span.upperBound
        } else {
            joined.append(span)
        }
    }
}
