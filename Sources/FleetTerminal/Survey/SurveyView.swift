public import FleetModel

/// A survey of many clusters: one a line, then what an operator should know of each.
public enum SurveyView {
    public static func draw(_ survey: FleetSurvey, width: Int, style: Style) -> [String] {
        let page = SurveyPage(survey: survey, width: width, style: style)
        return page.lines.text(width: width, style: style)
    }
}

/// A survey while it is being drawn.
struct SurveyPage {
    let survey: FleetSurvey
    let width: Int
    let style: Style

    var lines: [Line] { [heading] + table + missed + concerns }

    private var heading: Line {
        let (all, missed) = (survey.sightings.count, survey.missed.count)
        let rest = missed == 0 ? "" : ", \(missed) of them could not be read"
        return Line("Survey of \(counted(all, "cluster"))", .bold) + rest
    }

    private var seen: [(cluster: ClusterName, survey: ClusterSurvey)] {
        survey.sightings.compactMap { sighting in
            sighting.survey.map { (sighting.cluster, $0) }
        }
    }
}

// MARK: - The table

extension SurveyPage {
    private var table: [Line] {
        guard !seen.isEmpty else { return [] }
        let columns: [Table.Column] = [
            .init("CLUSTER"), .init("CONTROL PLANES"), .init("PROXIES"), .init("DEFAULT"),
            .init("INJECTED", .right), .init("RESTART", .right), .init("STAY", .right),
            .init("GATEWAYS", .right), .init("ROOTS"),
        ]
        let table = Table(columns, rows: seen.map { row($0.cluster, $0.survey) })
        let isCut = table.isCut(width: width, indent: 2, style: style)
        return table.lines(width: width, indent: 2, style: style) + (isCut ? cutHint : [])
    }

    /// Where the whole is of what was cut.
    private var cutHint: [Line] {
        let words =
            "What ends in \(style.symbols.ellipsis) was cut. `bellwether survey CLUSTER` and "
            + "`--format json` have the whole."
        return words.wrapped(to: max(20, width - 2)).map { Line($0, .faint).indented(by: 2) }
    }

    private func row(_ cluster: ClusterName, _ survey: ClusterSurvey) -> [Line] {
        let nothing = style.symbols.nothing
        let planes = survey.controlPlanes.map(\.label).joined(separator: ", ")
        let acting = survey.actingDefault.map { "\($0.revision)" }
        let staying = survey.staying.count + survey.uninjected.count
        return [
            Line(cluster.rawValue, .bold), Line(planes.isEmpty ? nothing : planes),
            Line(proxies(of: survey)), Line(acting ?? nothing), Line(injected(survey)),
            Line("\(survey.restartable.count)"), Line("\(staying)", staying > 0 ? .yellow : .plain),
            Line(gateways(survey)), Line(roots(survey)),
        ]
    }

    /// All kinds of proxies of one revision and version together.
    private func proxies(of survey: ClusterSurvey) -> String {
        let groups = Dictionary(grouping: survey.proxies, by: \.label)
        let words = groups.keys.sorted().map { label in
            "\((groups[label] ?? []).reduce(0) { $0 + $1.count }) x \(label)"
        }
        return words.isEmpty ? style.symbols.nothing : words.joined(separator: ", ")
    }

    /// How many namespaces would give new pods a sidecar, of all.
    private func injected(_ survey: ClusterSurvey) -> String {
        let all = survey.namespaces.reduce(0) { $0 + $1.names.count }
        let some = survey.namespaces.filter { $0.gets != nil }.reduce(0) { $0 + $1.names.count }
        return "\(some)/\(all)"
    }

    /// How many have all they need, of all.
    private func gateways(_ survey: ClusterSurvey) -> String {
        let well = survey.gateways.filter { !$0.lacksAddress && $0.readyEndpoints > 0 }
        return "\(well.count)/\(survey.gateways.count)"
    }

    private func roots(_ survey: ClusterSurvey) -> String {
        let fingerprints = survey.roots.first?.fingerprints.map { String($0.prefix(8)) } ?? []
        guard !fingerprints.isEmpty else { return style.symbols.nothing }
        let others = survey.roots.count - 1
        return fingerprints.joined(separator: "+") + (others > 0 ? " and \(others) other" : "")
    }
}

// MARK: - Below the table

extension SurveyPage {
    private var missed: [Line] {
        let missed = survey.missed
        guard !missed.isEmpty else { return [] }
        return [Line("Could not be read:", .red)]
            + missed.flatMap { item(item: $0.reason, of: $0.cluster, ink: .plain) }
    }

    private var concerns: [Line] {
        let items = seen.flatMap { cluster, survey -> [Line] in
            let all = survey.concerns
            let shown = all.prefix(shownConcerns).flatMap {
                item(item: $0, of: cluster, ink: .plain)
            }
            guard all.count > shownConcerns else { return shown }
            let more = "and \(all.count - shownConcerns) more, see `bellwether survey \(cluster)`"
            return shown + item(item: more, of: cluster, ink: .faint)
        }
        guard !items.isEmpty else { return [] }
        return [Line("To look at:", .yellow)] + items
    }

    /// A cluster's name and a sentence about it, which goes on below itself.
    private func item(item: String, of cluster: ClusterName, ink: Ink) -> [Line] {
        let names = survey.sightings.map(\.cluster.rawValue.printable.columns).max() ?? 0
        let indent = names + 4
        let rows = item.printable.wrapped(to: max(20, width - indent))
        return rows.enumerated().map { index, row in
            let name = index == 0 ? Line(cluster.rawValue) : Line()
            return name.padded(to: names).indented(by: 2) + "  " + Line(row, ink)
        }
    }
}

/// A fleet of hundreds must still fit a few screens; one cluster's page has them all.
private let shownConcerns = 5
