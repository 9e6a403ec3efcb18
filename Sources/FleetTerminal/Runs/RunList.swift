public import FleetModel

/// The runs there are, as `status` without a run prints them.
public enum RunList {
    /// The runs in the order given, one a line, under titles.
    public static func draw(_ snapshots: [RunSnapshot], width: Int, style: Style) -> [String] {
        guard !snapshots.isEmpty else {
            return [
                "There are no runs yet. To make a plan, run "
                    + "`bellwether plan TAKEOVER --policy POLICY`."
            ]
        }
        let columns: [Table.Column] = [
            .init("RUN"), .init("TAKEOVER"), .init("STATE"), .init("STARTED (UTC)"),
            .init("AT"), .init("DONE", .right),
        ]
        let rows = snapshots.map { row($0, style) }
        return Table(columns, rows: rows).draw(width: width, style: style)
    }

    private static func row(_ snapshot: RunSnapshot, _ style: Style) -> [Line] {
        let nothing = style.symbols.nothing
        let started = snapshot.startedAt.map(CivilTime.init)
        let back = snapshot.rollsBack.map { ", rollback of \($0)" } ?? ""
        let current = snapshot.waves.first { $0.state.isCurrent }
        return [
            Line("\(snapshot.run)", .bold), Line(snapshot.takeover + back),
            Line(snapshot.state.words, snapshot.state.ink),
            Line(started.map { "\($0.date) \($0.clock)" } ?? nothing),
            Line(current.map { "\($0.phase), \($0.name)" } ?? nothing),
            Line(done(snapshot)),
        ]
    }

    /// A cluster is done once it came through the last phase.
    private static func done(_ snapshot: RunSnapshot) -> String {
        let last = snapshot.waves.last?.phase
        let waves = snapshot.waves.filter { $0.phase == last }
        let clusters = waves.reduce(0) { $0 + $1.clusters }
        return "\(waves.reduce(0) { $0 + $1.succeeded })/\(clusters)"
    }
}
