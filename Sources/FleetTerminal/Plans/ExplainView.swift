public import FleetModel

/// Everything a plan would do on one cluster, in order, as `plan --explain` prints it.
///
/// Commands and what they read on stdin are printed whole, however wide: they
/// are there to be copied, and a cut command is worse than a broken line. All
/// else keeps to the width.
public enum ExplainView {
    public static func draw(
        _ plan: Plan, cluster: ClusterName, steps: [ExplainedStep], width: Int, style: Style
    ) -> [String] {
        let page = ExplainPage(
            plan: plan, cluster: cluster, steps: steps, width: width, style: style)
        return page.lines
    }
}

/// The explanation while it is being drawn.
struct ExplainPage {
    let plan: Plan
    let cluster: ClusterName
    let steps: [ExplainedStep]
    let width: Int
    let style: Style

    var lines: [String] {
        let legend = "Nothing has been run. What only the cluster knows stands between < and >."
        return text([Line("\(cluster)", .bold) + ": \(plan.takeover.name), \(place)"])
            + text(legend.wrapped(to: width).map { Line($0, .faint) })
            + steps.indices.flatMap(lines)
    }

    private var place: String {
        let own = plan.clusters.first { $0.name == cluster }
        guard let own else { return "not in the plan" }
        let way = plan.way(to: own).map(\.rawValue).joined(separator: " → ")
        return "context \(own.context), " + (way.isEmpty ? "runs here" : "through \(way)")
    }

    private func lines(of index: Int) -> [String] {
        let explained = steps[index]
        let opensPhase = index == 0 || steps[index - 1].phase != explained.phase
        let heading = opensPhase ? [Line(), Line("Phase \(explained.phase)", .bold)] : []
        return text(heading + [Line()] + title(of: explained.step, number: index + 1))
            + body(of: explained)
    }

    /// On one line, or where that is too narrow, with how it may be left on the next.
    private func title(of step: StepOutline, number: Int) -> [Line] {
        let title = step.title.isEmpty ? "" : ": \(step.title)"
        let start = Line("\(number). ") + Line(step.name, .bold) + title
        let interrupt = Line("(\(step.interrupt.words))", .faint)
        let whole = start + " " + interrupt
        return whole.columns <= width ? [whole] : [start, interrupt.indented(by: 3)]
    }

    private func body(of explained: ExplainedStep) -> [String] {
        let preview = explained.preview
        return paragraph(time(of: explained), as: "time")
            + preview.reads.flatMap { reading in self.reading(reading) }
            + (preview.acts.isEmpty ? text([label("acts") + "nothing to run"]) : [])
            + preview.acts.flatMap { command($0, as: "runs") }
            + preview.remedies.flatMap { command($0, as: "mends") }
            + paragraph(preview.proof, as: "proof")
            + (preview.keeps.isEmpty
                ? [] : paragraph(preview.keeps.joined(separator: ", "), as: "keeps"))
            + preview.compensation.flatMap { command($0, as: "undo") }
    }
}

// MARK: - Parts of a step

extension ExplainPage {
    private func time(of explained: ExplainedStep) -> String {
        let longer = "\(explained.hold.compact) longer while something is watched"
        let poll = explained.poll
        let pause = poll < .seconds(1) ? poll.precise : poll.compact
        return "at most \(explained.timeout.compact), a look every \(pause)"
            + (explained.hold > .zero ? "; \(longer)" : "")
    }

    private func reading(_ reading: Reading) -> [String] {
        switch reading {
        case .path(let path, let target):
            let on = target == .management ? " (on \(management))" : ""
            return [(label("reads") + "GET \(path)\(on)").text(style)]
        case .command(let command, _), .output(let command), .report(let command),
            .trial(let command):
            return self.command(command, as: "asks")
        }
    }

    private var management: String {
        let own = plan.clusters.first { $0.name == cluster }
        return own?.management?.rawValue ?? "the management cluster"
    }

    private func command(_ command: Command, as label: String) -> [String] {
        let effect = command.isMutating ? Line("changes", .yellow) : Line("only reads", .green)
        let purpose = command.purpose.isEmpty ? "" : "\(command.purpose): "
        let facts = effect + ", \(command.place.words), at most \(command.deadline.compact)"
        let start = self.label(label) + purpose
        let whole = start + facts
        let heading = whole.columns <= width ? [whole] : [start, facts.indented(by: bodyIndent)]
        return text(heading) + shellLines(of: command) + stdin(of: command)
    }

    /// The first line carries the indent; a word with a line break in it goes on
    /// at the very left, or it would be another word.
    private func shellLines(of command: Command) -> [String] {
        let lines = command.safeShellLine.printableLines
        return lines.enumerated().map { index, line in
            Line(line, .cyan).indented(by: index == 0 ? bodyIndent : 0).text(style)
        }
    }

    private func stdin(of command: Command) -> [String] {
        guard let stdin = command.stdin.map(command.redacted), !stdin.isEmpty else { return [] }
        let lines = IndentedJSON(stdin)?.lines ?? stdin.printableLines
        return text([Line("stdin:", .faint).indented(by: bodyIndent)])
            + lines.map { Line($0).indented(by: bodyIndent + 2).text(style) }
    }

    private func paragraph(_ words: String, as label: String) -> [String] {
        let rows = words.printable.wrapped(to: max(20, width - bodyIndent))
        return text(
            rows.enumerated().map { index, row in
                (index == 0 ? self.label(label) : Line(.blanks(bodyIndent))) + row
            })
    }

    private func label(_ word: String) -> Line {
        Line(word, .faint).indented(by: 3).padded(to: bodyIndent)
    }

    private func text(_ lines: [Line]) -> [String] { lines.text(width: width, style: style) }
}

/// Room for the number of a step and the longest label.
private let bodyIndent = 10

extension Interrupt {
    /// The class as a clause.
    fileprivate var words: String {
        switch self {
        case .safe: "may be left at any time"
        case .betweenItems: "may be left between two items"
        case .finishOrRollBack: "is finished once begun"
        }
    }
}
