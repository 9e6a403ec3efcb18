public import FleetModel

extension WindowTimes {
    /// The moments of a policy's windows, from a day before `now` on for so long (800 days unless
    /// told otherwise). Spans are whole, also those that reach beyond either end.
    ///
    /// A run that is taken up again wants the `now` of its start: what lies more than a day
    /// before it is left out, also for those who ask how long a window was closed.
    ///
    /// - Throws: ``UnknownZone`` when this machine knows no zone of that name.
    public init(
        of windows: Windows?, from now: Timestamp, for length: Duration = .seconds(800 * 86_400)
    ) throws(UnknownZone) {
        let time = (now + .seconds(-86_400))..<(now + max(length, .zero))
        let days = CalendarDay.all(around: time)
        var rules: [OpenHours] = []
        for rule in windows?.rules ?? [] {
            rules.append(try rule.openHours(in: time, on: days))
        }
        self.init(rules)
    }
}
