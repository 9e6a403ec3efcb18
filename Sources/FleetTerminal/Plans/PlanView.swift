public import FleetModel

/// A plan as `plan` prints it, for the person who decides whether to start it.
public enum PlanView {
    /// The plan in lines no wider than asked. `hash` is the SHA-256 over the
    /// frozen plan, in hexadecimal; `isBeginning` tells whether it needs nobody to start it.
    public static func draw(
        _ plan: Plan, id: RunID, hash: String, isBeginning: Bool = false, width: Int, style: Style
    ) -> [String] {
        let page = PlanPage(
            plan: plan, id: id, hash: hash, isBeginning: isBeginning, width: width, style: style)
        return page.lines.text(width: width, style: style)
    }
}

/// A plan while it is being drawn.
struct PlanPage {
    let plan: Plan
    let id: RunID
    let hash: String
    let isBeginning: Bool
    let width: Int
    let style: Style

    var lines: [Line] {
        header + [Line()] + phases + [Line()] + canaries + limits + windows + waivers + leftOut
            + (isBeginning ? [] : [Line("To start it, run `bellwether run \(id)`.", .bold)])
    }

    private var header: [Line] {
        let takeover = plan.takeover
        let clusters = counted(plan.clusters.count, "cluster")
        if let run = takeover.rollsBack { return rollbackHeader(of: run, on: clusters) }
        // A team's own runbook may lead to no revision at all.
        let target =
            takeover.version.isEmpty
            ? "" : "revision \(takeover.revision), version \(takeover.version), "
        return [
            Line("Plan \(id)", .bold) + ": \(takeover.name) on \(clusters), \(waveCount)",
            Line(target + "policy \(plan.policy)"),
            Line("sha256 \(hash)", .faint),
        ]
    }

    private func rollbackHeader(of run: RunID, on clusters: String) -> [Line] {
        let takeover = plan.takeover
        let names = takeover.ownSteps.map(\.name).joined(separator: ", ")
        return [
            Line("Plan \(id)", .bold) + ": rolls run \(run) back on \(clusters)",
            Line(
                "\(takeover.name), from revision \(takeover.revision) back to "
                    + "\(takeover.oldRevision)"),
            Line("sha256 \(hash)", .faint),
        ] + (names.isEmpty ? [] : [Line("Own steps are not rolled back: \(names)", .yellow)])
    }

    private var waveCount: String {
        let counts = plan.phases.map(\.waves.count)
        let phases = plan.phases.count
        guard phases > 1 else { return counted(counts[0], "wave") }
        guard Set(counts).count == 1 else {
            return "\(phases) phases, \(counts.reduce(0, +)) waves"
        }
        return "\(phases) phases of \(counted(counts[0], "wave"))"
    }
}

// MARK: - Phases

extension PlanPage {
    private var phases: [Line] {
        guard !haveSameWaves else { return oneTable }
        let tables = plan.phases.map { stepLines(of: [$0]) + table(of: $0) }
        return Array(tables.joined(separator: [Line()]))
    }

    private var haveSameWaves: Bool {
        plan.phases.allSatisfy { $0.waves == plan.phases[0].waves }
    }

    private var oneTable: [Line] {
        let names = plan.phases.map(\.name)
        let sentence =
            names.count > 1 ? [Line("\(names.enumerated) each go through these waves:")] : []
        return stepLines(of: plan.phases) + [Line()] + sentence + table(of: plan.phases[0])
    }

    private func stepLines(of phases: [Phase]) -> [Line] {
        let nameWidth = phases.map(\.name.printable.columns).max() ?? 0
        return phases.flatMap { phase in
            let indent = nameWidth + 2
            let steps = phase.steps.map(\.name).joined(separator: ", ").printable
            let rows = steps.wrapped(to: max(12, width - indent))
            return rows.enumerated().map { index, row in
                let name = index == 0 ? Line(phase.name, .bold) : Line()
                return name.padded(to: indent) + row
            }
        }
    }

    private func table(of phase: Phase) -> [Line] {
        let gated = phase.waves.contains(where: \.needsApproval)
        let columns: [Table.Column] =
            [
                .init("WAVE"), .init("CLUSTERS", .right), .init("AT ONCE", .right),
                .init("FAILURES", .right), .init("SOAK", .right),
            ] + (gated ? [.init("GATE")] : []) + [.init("EXPOSURE"), .init("WORST CASE", .right)]
        let rows = phase.waves.map { row($0, gated: gated) }
        return Table(columns, rows: rows).lines(width: width, indent: 2, style: style)
    }

    private func row(_ wave: Wave, gated: Bool) -> [Line] {
        let nothing = style.symbols.nothing
        let gate = gated ? [Line(wave.needsApproval ? "approval" : nothing)] : []
        return [
            Line(wave.name), Line("\(wave.clusters.count)"), Line("\(wave.maxConcurrency)"),
            Line("\(wave.maxFailures)"),
            Line(wave.soak > .zero ? wave.soak.compact : nothing),
        ] + gate + [Line(wave.exposure.rawValue), Line("\(plan.worstCase(of: wave))")]
    }
}

// MARK: - Around the waves

extension PlanPage {
    /// Who goes first is what a reader checks first.
    private var canaries: [Line] {
        var seen: Set<[ClusterName]> = []
        return plan.phases.flatMap(\.waves).filter(\.isCanary)
            .filter { seen.insert($0.clusters).inserted }
            .map { wave in
                let names = wave.clusters.map(\.rawValue)
                    .listed(within: max(20, width - 14), style: style)
                return Line("First: ", .bold) + names
            }
    }

    private var limits: [Line] {
        let limits = plan.limits
        let management = limits.managementConcurrency.map { "\($0) per management cluster" }
        let failures = limits.maxFailures.map { "\(counted($0, "failure")) in the whole run" }
        let parts = [
            "\(counted(limits.maxConcurrency, "cluster")) at once", management, failures,
            limits.maxDeferred > 0 ? "\(limits.maxDeferred) left aside per wave" : nil,
            "\(counted(limits.maxAttempts, "attempt")) per step",
            "\(limits.drainDeadline.compact) to drain after a halt",
        ]
        let text = "Limits: " + parts.compactMap { $0 }.joined(separator: ", ")
        return text.wrapped(to: width).map { Line($0) }
    }

    private var windows: [Line] {
        guard let windows = plan.windows else { return [] }
        let rules = windows.rules.map { rule in
            let clusters = plan.clusters.count { rule.clusters?.matches($0.labels) ?? true }
            return Line("\(rule)".printable).indented(by: 2)
                + "  \(rule.phases.enumerated) of \(counted(clusters, "cluster"))"
        }
        let sentence = "Windows: \(windows.sentence)".wrapped(to: width).map { Line($0) }
        return sentence + rules
    }

    private var waivers: [Line] {
        let waivers = plan.waivedChecks.map {
            Line("\($0.cluster) \($0.check)  \($0.reason)".printable).indented(by: 2)
        }
        return waivers.isEmpty ? [] : [Line("Waived checks:", .yellow)] + waivers
    }

    private var leftOut: [Line] {
        guard !plan.leftOut.isEmpty else { return [] }
        let groups = Dictionary(grouping: plan.leftOut, by: \.reason)
        var seen: Set<String> = []
        let reasons = plan.leftOut.map(\.reason).filter { seen.insert($0).inserted }
        let names = reasons.map { reason in
            (groups[reason] ?? []).map(\.cluster.rawValue.printable)
                .listed(within: width / 2, style: style)
        }
        let nameWidth = names.map(\.columns).max() ?? 0
        return [Line("Left out: \(counted(plan.leftOut.count, "cluster"))", .yellow)]
            + zip(names, reasons).map { names, reason in
                Line(names).padded(to: nameWidth).indented(by: 2) + "  \(reason)"
            }
    }
}

extension Windows {
    /// What happens at the end of one.
    fileprivate var sentence: String {
        let last = "nobody begins in the last \(margin.compact)"
        switch overrun {
        case .finish: return "\(last), nor what would not be done by then; who has begun finishes"
        case .drainToSafePoint: return "\(last); who has begun goes on to a safe point"
        }
    }
}
