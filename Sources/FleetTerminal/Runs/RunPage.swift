import FleetModel

/// A run while it is being drawn.
struct RunPage {
    let snapshot: RunSnapshot
    let width: Int
    let style: Style
    /// Whether a failure's reason may take as many lines as it needs.
    let wrapsReasons: Bool
    let waveWidths: WaveWidths

    init(snapshot: RunSnapshot, width: Int, style: Style, wrapsReasons: Bool = false) {
        self.snapshot = snapshot
        self.width = width
        self.style = style
        self.wrapsReasons = wrapsReasons
        waveWidths = WaveWidths(snapshot.waves)
    }

    /// The whole page, with so many clusters of those worth a line.
    func lines(fold: Fold, clusters limit: Int) -> [Line] {
        let shown = mostImportant(limit)
        let list = ClusterLines(page: self, clusters: shown.map { snapshot.clusters[$0] })
        let sections = RunSections(snapshot: snapshot, fold: fold).sections
        let blank = fold <= .otherPhases ? [Line()] : []
        let homeless = shown.filter { index in
            !sections.contains { $0.holds(snapshot.clusters[index].wave) }
        }
        return [header] + startReason + waivers + halt
            + sections.flatMap { lines(of: $0, shown, list) }
            + homeless.flatMap { list.lines(of: snapshot.clusters[$0], indent: 3) }
            + hidden(shown) + blank + next
    }
}

// MARK: - Around the waves

extension RunPage {
    private var header: Line {
        var line = Line("Run \(snapshot.run)", .bold)
        line += ": \(snapshot.subject)   "
        line += Line(snapshot.state.words, snapshot.state.ink)
        if let startedAt = snapshot.startedAt {
            line += "   \(((snapshot.endedAt ?? snapshot.takenAt) - startedAt).short)"
        }
        return line
    }

    /// The live view goes without: whoever follows it has just said so.
    private var startReason: [Line] {
        guard wrapsReasons, let reason = snapshot.startReason else { return [] }
        return "Started for a reason: \(reason)".printable.wrapped(to: width).map { Line($0) }
    }

    /// So many fit above the waves; the plan has them all.
    private static let mostWaivers = 8

    /// The live view goes without these, too.
    private var waivers: [Line] {
        guard wrapsReasons else { return [] }
        let rest = snapshot.waivers.count - Self.mostWaivers
        let shown = snapshot.waivers.prefix(Self.mostWaivers).map {
            "\($0.cluster) \($0.check), \($0.reason)"
        }
        return (shown + (rest > 0 ? ["\(rest) more, as the plan says"] : [])).flatMap {
            "Waived: \($0)".printable.wrapped(to: width).map { Line($0, .yellow) }
        }
    }

    private var halt: [Line] {
        guard let halt = snapshot.halt else { return [] }
        let words = Line("Halt: ", .red) + halt.reason
        guard wrapsReasons else { return [words] }
        return "Halt: \(halt.reason)".printable.wrapped(to: width).map { Line($0, .red) }
    }

    private var next: [Line] {
        let words = "Next: \(snapshot.next)"
        return wrapsReasons
            ? words.printable.wrapped(to: width).map { Line($0) } : [Line(words)]
    }

    private func hidden(_ shown: [Int]) -> [Line] {
        let all = snapshot.clusters
        guard shown.count < all.count else { return [] }
        var isShown = Array(repeating: false, count: all.count)
        for index in shown { isShown[index] = true }
        let states = all.indices.filter { !isShown[$0] }.map { all[$0].state }
        let parts = RunSnapshot.ClusterView.State.byImportance.compactMap { state in
            let count = states.count { $0 == state }
            return count > 0 ? "\(count) \(state.words)" : nil
        }
        let ellipsis = style.symbols.ellipsis
        let words = "\(ellipsis) and \(states.count) more: \(parts.joined(separator: ", "))"
        return [Line(words, .faint).indented(by: 3)]
    }
}

// MARK: - Waves and their clusters

extension RunPage {
    private func lines(
        of section: RunSection, _ shown: [Int], _ list: ClusterLines
    ) -> [Line] {
        let clusters = shown.filter { section.holds(snapshot.clusters[$0].wave) }
        let indent = section.indent + 2
        return [heading(section)]
            + clusters.flatMap { list.lines(of: snapshot.clusters[$0], indent: indent) }
    }

    private func heading(_ section: RunSection) -> Line {
        switch section.kind {
        case .phase(let name, let state):
            snapshot.sign(of: state, style).indented(by: 1) + " " + Line(name, .bold)
        case .foldedPhase(let name, let state):
            snapshot.sign(of: state, style).indented(by: 1) + " "
                + Line(name, .bold).padded(to: phaseNameWidth)
                + "  " + folded(section.waves)
        case .wave(let index, let isQualified):
            WaveLine(page: self, wave: snapshot.waves[index], isQualified: isQualified).line
                .indented(by: section.indent)
        case .foldedWaves(let state):
            snapshot.sign(of: state, style).indented(by: section.indent)
                + " \(counted(section.waves.count, "wave")) \(state.words)"
        }
    }

    private func folded(_ waves: Range<Int>) -> String {
        let waves = snapshot.waves[waves]
        let (done, all) = (waves.sum(\.succeeded), waves.sum(\.clusters))
        let failed = waves.sum(\.failed)
        return "\(done)/\(all)  \(counted(waves.count, "wave"))"
            + (failed > 0 ? ", \(failed) failed" : "")
    }

    private var phaseNameWidth: Int {
        snapshot.waves.map(\.phase.printable.columns).max() ?? 0
    }

    /// Positions of the clusters to show, in the order to show them.
    private func mostImportant(_ limit: Int) -> [Int] {
        let clusters = snapshot.clusters
        let ranked = clusters.indices.sorted { first, second in
            let (one, other) = (clusters[first], clusters[second])
            return (one.state.rank, one.since, first) < (other.state.rank, other.since, second)
        }
        // Chosen by age, shown in the plan's order: lines must not change places
        // each time a cluster goes on to its next step.
        return ranked.prefix(max(0, limit)).sorted {
            (clusters[$0].state.rank, $0) < (clusters[$1].state.rank, $1)
        }
    }
}

extension ArraySlice<RunSnapshot.WaveView> {
    fileprivate func sum(_ number: (RunSnapshot.WaveView) -> Int) -> Int {
        reduce(0) { $0 + number($1) }
    }
}
