public import FleetModel

/// What changed on a cluster since it was surveyed last.
public enum SurveyDifferenceView {
    /// `nil` for the earlier survey of a cluster that has none.
    public static func draw(
        _ difference: SurveyDifference?, of cluster: ClusterName, since earlier: Timestamp?,
        width: Int, style: Style
    ) -> [String] {
        let name = Line(cluster.rawValue, .bold)
        guard let difference, let earlier else {
            return [(name + "  was never surveyed before").text(style)]
        }
        let time = CivilTime(earlier)
        let since = "\(time.date) \(time.clock) UTC"
        guard !difference.changes.isEmpty else {
            return [(name + "  is as it was on \(since)").text(style)]
        }
        let heading = name + "  \(counted(difference.changes.count, "change")) since \(since)"
        let lines = difference.changes.flatMap { self.lines(of: $0, width: width) }
        return ([heading] + lines).text(width: width, style: style)
    }

    /// A change under its sign, and whatever does not fit one line below itself.
    private static func lines(of change: SurveyDifference.Change, width: Int) -> [Line] {
        let (sign, ink) = sign(of: change)
        let rows = words(of: change).printable.wrapped(to: max(20, width - 6))
        return rows.enumerated().map { index, row in
            (index == 0 ? Line("  \(sign) ", ink) : Line(.blanks(6))) + row
        }
    }

    private static func sign(of change: SurveyDifference.Change) -> (String, Ink) {
        if change.before == nil { return ("+", .green) }
        return change.after == nil ? ("-", .red) : ("~", .yellow)
    }

    private static func words(of change: SurveyDifference.Change) -> String {
        // As short as the table has it; JSON has the whole.
        let name = change.topic == .root ? String(change.subject.prefix(8)) : change.subject
        let subject = "\(change.topic.rawValue) \(name)"
        let values = [change.before, change.after].compactMap { $0 }.filter { !$0.isEmpty }
        return values.isEmpty ? subject : "\(subject): \(values.joined(separator: ", now "))"
    }
}
