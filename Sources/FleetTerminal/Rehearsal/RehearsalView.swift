import FleetModel

/// What a rehearsal found out, for people: how long, what would stand in the way, how it ends.
public enum RehearsalView {
    public static func draw(_ report: RehearsalReport, width: Int, style: Style) -> [String] {
        RehearsalPage(report: report, width: width, style: style).lines
            .text(width: width, style: style)
    }
}

private struct RehearsalPage {
    let report: RehearsalReport
    let width: Int
    let style: Style

    var lines: [Line] {
        heading + [Line()] + waves + slowest + section("Would not get through", troubles)
            + section("Faults", faults) + section("Left out", leftOut)
            + section("Otherwise than in earnest", report.liberties)
            + section("The lab is not quite like the survey", differences) + verdict
    }

    private var heading: [Line] {
        let title = Line("Rehearsal of \(report.takeover) with \(report.policy)", .bold)
        let age = report.surveyedAt.map { "Made from surveys, the oldest of \($0.minute) UTC." }
        return [title + ": \(counted(report.clusters, "cluster"))"]
            + (age.map { [Line($0, .faint)] } ?? [])
    }

    // MARK: - How long

    private var waves: [Line] {
        let columns: [Table.Column] = [
            .init("PHASE"), .init("WAVE"), .init("THROUGH", .right), .init("ABOUT", .right),
            .init("SOAK", .right), .init("COMMANDS", .right),
        ]
        let nothing = style.symbols.nothing
        let rows = report.waves.map { wave in
            [
                Line(wave.phase), Line(wave.name), Line("\(wave.succeeded)/\(wave.clusters)"),
                Line(wave.length?.short ?? nothing),
                Line(wave.soak == .zero ? nothing : wave.soak.short),
                Line(wave.commands.short),
            ]
        }
        let sums = report.phases.map { "\($0.name) \($0.length.short)" }.joined(separator: ", ")
        let remark =
            "An estimate, from a lab at \(report.speed.plain)× real time. Commands count as "
            + "long as they took on this machine, and are in it."
        return Table(columns, rows: rows).lines(width: width, indent: 2, style: style)
            + [Line("About \(report.length.short) in all: \(sums).")]
            + remark.wrapped(to: width).map { Line($0, .faint) }
    }

    private var slowest: [Line] {
        let steps = report.slowestSteps.map {
            "\($0.phase)/\($0.step) on \($0.cluster): \($0.length.short), "
                + "commands \($0.commands.short)"
        }
        let clusters = report.slowestClusters.map {
            "\($0.cluster): \($0.length.short), commands \($0.commands.short)"
        }
        return section("Slowest steps", steps) + section("Slowest clusters", clusters)
    }

    // MARK: - What stands in the way

    private var troubles: [String] {
        report.troubles.map { trouble in
            "\(trouble.cluster) \(trouble.state.rehearsed) at \(trouble.phase)/\(trouble.step): "
                + trouble.words
        }
    }

    private var faults: [String] {
        report.faults.map { "\($0.cluster) with \($0.name) \(report.fate(of: $0))" }
    }

    private var leftOut: [String] {
        report.leftOut.map { "\($0.cluster): \($0.reason)" }
    }

    private var differences: [String] {
        report.differences.map { difference in
            "\(difference.cluster): \(difference.words.listed(within: 3 * width, style: style))"
        }
    }

    // MARK: - How it ends

    private var verdict: [Line] {
        let code = "A real run would have ended with exit code \(report.exitCode.rawValue)"
        guard let halt = report.halt else {
            let isWell = report.exitCode == .completed
            return [Line(), Line("\(code).", isWell ? .green : .yellow)]
        }
        let words =
            "The fleet would halt in wave \(halt.wave) of \(halt.phase), with "
            + "\(halt.touched) of \(counted(report.clusters, "cluster")) touched: \(halt.reason)"
        return [Line()] + words.wrapped(to: width).map { Line($0, .red) }
            + [Line("\(code).", .red)]
    }

    /// Each text on lines of its own, those after its first further in.
    private func section(_ title: String, _ texts: [String]) -> [Line] {
        guard !texts.isEmpty else { return [] }
        let lines = texts.flatMap { text in
            text.wrapped(to: width - 4).enumerated().map { number, part in
                Line(part).indented(by: number == 0 ? 2 : 4)
            }
        }
        return [Line(), Line("\(title):", .bold)] + lines
    }
}

extension Timestamp {
    /// The moment in UTC, without its seconds: `2026-03-01 14:03`.
    fileprivate var minute: String {
        let time = CivilTime(self)
        return "\(time.date) \(time.clock.prefix(5))"
    }
}

extension Double {
    /// Without a fraction of zero.
    fileprivate var plain: String {
        self == rounded() && abs(self) < 1e9 ? "\(Int(self))" : "\(self)"
    }
}
