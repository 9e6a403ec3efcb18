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
        return ([heading] + difference.changes.map(line)).text(width: width, style: style)
    }

    private static func line(_ change: SurveyDifference.Change) -> Line {
        let subject = "\(change.topic.rawValue) \(change.subject)"
        return switch (change.before, change.after) {
        case (nil, let after?): Line("  + ", .green) + subject + colon(after)
        case (let before?, nil): Line("  - ", .red) + subject + colon(before)
        case (let before, let after):
            Line("  ~ ", .yellow) + "\(subject): \(before ?? ""), now \(after ?? "")"
        }
    }

    private static func colon(_ value: String) -> String { value.isEmpty ? "" : ": \(value)" }
}
