import FleetModel

extension WindowRule {
    /// When the rule holds: one with dates whenever they are, a weekly one only about a time.
    func openHours(
        in time: Range<Timestamp>, on days: [CalendarDay]
    ) throws(UnknownZone) -> OpenHours {
        let clock = try LocalClock(zone: zone)
        let spans = span.localSpans(on: days).compactMap { local in
            effect.span(
                from: clock.moments(of: local.lowerBound), to: clock.moments(of: local.upperBound))
        }
        return switch span {
        case .once: OpenHours(spans)
        case .weekly: OpenHours(spans.filter { $0.overlaps(time) })
        }
    }
}

extension WindowRule.Effect {
    /// Between two local times, each of which may come at two moments: in doubt, closed.
    ///
    /// ```
    /// from:  first       last                     to:  first       last
    ///          ├───────────┼─────────────────────────────┼───────────┤
    ///          │           └──────────── allow ──────────┘           │
    ///          └──────────────────────── deny ───────────────────────┘
    /// ```
    ///
    /// `nil` when nothing is left: an `allow` within an hour that comes twice, or a rule for
    /// times that a change of the clock skips.
    fileprivate func span(
        from begin: ClosedRange<Timestamp>, to end: ClosedRange<Timestamp>
    ) -> Range<Timestamp>? {
        let (opening, closing) =
            switch self {
            case .allow: (begin.upperBound, end.lowerBound)
            case .deny: (begin.lowerBound, end.upperBound)
            }
        return opening < closing ? opening..<closing : nil
    }
}
