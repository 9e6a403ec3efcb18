public import FleetModel

/// The commands that ran on a cluster, as `logs` prints them.
///
/// Shell lines are printed whole, to be copied; output is wrapped to the width
/// and bounded.
public struct LogView: Sendable {
    private let plan: Plan
    private let names: PlanNames
    private let width: Int
    private let style: Style
    private let secondOfDay: @Sendable (Timestamp) -> Int

    /// Lines of one stream that are shown from its beginning, and from its end.
    static let shownLines = 12
    /// Rows that one line of output may take: a whole API object is one line.
    static let rowsPerLine = 4

    /// `secondOfDay` decides the time zone, as it does for ``EventLine``.
    public init(
        plan: Plan, width: Int, style: Style,
        secondOfDay: @escaping @Sendable (Timestamp) -> Int = { $0.secondOfDayUTC }
    ) {
        (self.plan, names) = (plan, PlanNames(plan))
        (self.width, self.style, self.secondOfDay) = (width, style, secondOfDay)
    }

    /// The records in the order given, under a heading for each attempt.
    public func draw(_ records: [CommandRecord]) -> [String] {
        guard !records.isEmpty else { return ["No command has run there yet."] }
        return records.indices.flatMap { index in
            let opens = index == 0 || records[index - 1].attempt != records[index].attempt
            return (opens ? heading(records[index].attempt, isFirst: index == 0) : [])
                + lines(of: records[index])
        }
    }

    private func heading(_ attempt: Attempt, isFirst: Bool) -> [String] {
        let line =
            Line("\(attempt.cluster)", .bold) + " " + Line(names.step(of: attempt), .bold)
            + " attempt \(attempt.number)" + Line(" (\(names.phase(attempt.phase)))", .faint)
        return text((isFirst ? [] : [Line()]) + [line])
    }

    private func lines(of record: CommandRecord) -> [String] {
        let clock = Line(clockText(secondOfDay: secondOfDay(record.startedAt)), .faint)
        let shell = record.command.safeShellLine.printableLines
        let first = (clock.indented(by: 2) + " $ " + Line(shell.first ?? "", .cyan)).text(style)
        return [first] + shell.dropFirst().map { Line($0, .cyan).text(style) }
            + stream("stdin", record.command.stdin ?? "", of: record)
            + text([ending(of: record).indented(by: indent)])
            + output(of: record)
    }
}

// MARK: - How it ended

extension LogView {
    private func ending(of record: CommandRecord) -> Line {
        let way = plan.way(to: record.command.place).map(\.rawValue)
        let place = way.isEmpty ? "" : ", through \(way.joined(separator: " → "))"
        let purpose = record.command.purpose.isEmpty ? "" : ", \(record.command.purpose)"
        guard let result = record.result else {
            return Line("has not been seen to end", .yellow) + place + purpose
        }
        let ink: Ink = result.succeeded ? .green : .red
        return Line("\(result.ending)", ink) + " after \(result.duration.precise)\(place)\(purpose)"
    }

    private func output(of record: CommandRecord) -> [String] {
        guard let result = record.result else { return [] }
        let cut = Line("(more was printed than was kept)", .faint).indented(by: indent)
        return stream("stdout", result.stdoutText, of: record)
            + stream("stderr", result.stderrText, of: record)
            + stream("killed", result.killed.joined(separator: "\n"), of: record)
            + (result.isTruncated ? text([cut]) : [])
    }

    private func stream(_ name: String, _ content: String, of record: CommandRecord) -> [String] {
        let lines = record.command.redacted(content).printableLines
        guard !lines.isEmpty else { return [] }
        let leftOut = lines.count - 2 * Self.shownLines
        let label = Line("\(name) \(style.symbols.rule) ", .faint)
        let rows =
            leftOut > 1
            ? lines.prefix(Self.shownLines).flatMap(rows)
                + ["\(style.symbols.ellipsis) \(leftOut) lines left out"]
                + lines.suffix(Self.shownLines).flatMap(rows)
            : lines.flatMap(rows)
        return text(rows.map { (label + $0).indented(by: indent) })
    }

    private func rows(of line: String) -> [String] {
        let room = max(20, width - indent - 10)
        // Measuring all of a line of megabytes would take longer than reading it.
        let start = String(line.prefix(min(room, 10_000) * Self.rowsPerLine))
        let rows = start.broken(to: room)
        let left = line.count - rows.prefix(Self.rowsPerLine).reduce(0) { $0 + $1.count }
        guard left > 0 else { return rows.isEmpty ? [""] : rows }
        return rows.prefix(Self.rowsPerLine)
            + ["\(style.symbols.ellipsis) \(left) characters left out"]
    }

    private func text(_ lines: [Line]) -> [String] { lines.text(width: width, style: style) }
}

private let indent = 4
