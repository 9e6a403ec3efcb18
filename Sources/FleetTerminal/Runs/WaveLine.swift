import FleetModel

/// One wave as a line: its bar, how many clusters are done, and what it is about.
struct WaveLine {
    let page: RunPage
    let wave: RunSnapshot.WaveView
    /// Whether the wave's name goes with its phase's, for want of a heading.
    let isQualified: Bool

    private var style: Style { page.style }

    var line: Line {
        let widths = page.waveWidths
        let nameWidth = min(isQualified ? widths.qualifiedName : widths.name, page.width / 3)
        var line = page.snapshot.sign(of: wave.state, style) + " "
        line += Line(name).fitted(to: nameWidth, style: style).padded(to: nameWidth)
        line += "  "
        if barWidth > 0 { line += bar + "  " }
        return line + Line(wave.counts).padded(to: widths.counts) + "  " + facts
    }

    private var name: String { isQualified ? wave.qualifiedName : wave.name }

    // MARK: - The bar

    /// Half of what a wide terminal has to spare, and none on a narrow one,
    /// where the words need the room.
    private var barWidth: Int { page.width < 60 ? 0 : min(40, (page.width - 48) / 2) }

    private var bar: Line {
        let symbols = style.symbols
        var (line, left, before) = (Line(), barWidth, 0)
        let parts = [
            (wave.succeeded, symbols.barDone, Ink.green), (wave.failed, symbols.barFailed, .red),
            (wave.inFlight, symbols.barRunning, .cyan),
        ]
        for (count, symbol, ink) in parts {
            let cells = min(left, cells(count, after: before, isDone: ink == .green))
            line += Line(String(repeating: symbol, count: cells), ink)
            (left, before) = (left - cells, before + max(0, count))
        }
        return line + Line(String(repeating: symbols.barLeft, count: left), .faint)
    }

    /// Cells between two marks of the bar, rounded down. What has failed or is
    /// in flight gets at least one, or nobody would see it.
    private func cells(_ count: Int, after before: Int, isDone: Bool) -> Int {
        guard count > 0, wave.clusters > 0 else { return 0 }
        let mark = { (clusters: Int) in min(clusters, wave.clusters) * barWidth / wave.clusters }
        let cells = mark(before + count) - mark(before)
        return isDone ? cells : max(1, cells)
    }

    // MARK: - The words

    private var facts: Line {
        switch wave.state {
        case .pending: Line(wave.isCanary ? "goes first" : "", .faint)
        case .awaitingApproval: Line("waits for approval", .yellow)
        case .skipped: Line("skipped: no cluster was left to change", .faint)
        case .rolling: rolling
        case .soaking: Line(soaking + exceptions)
        case .passed: Line(passed + exceptions, .faint)
        }
    }

    private var rolling: Line {
        let waiting = wave.waiting > 0 ? "\(wave.waiting) waiting, " : ""
        let inFlight = wave.inFlight > 0 || !page.snapshot.standsStill
        let stopped = page.snapshot.standsStill ? "stopped, " : ""
        let deferred = wave.deferred > 0 ? ", \(wave.deferred) left aside" : ""
        let ink: Ink = wave.failed > 0 ? .red : .plain
        return Line(stopped) + window
            + Line((inFlight ? "\(wave.inFlight) in flight, " : "") + waiting)
            + Line("\(wave.failed) of \(wave.maxFailures) failures used", ink)
            + deferred
    }

    private var window: Line {
        guard let opensAt = wave.opensAt, !page.snapshot.standsStill else { return Line() }
        let wait = opensAt.until(page.snapshot.takenAt)
        return Line("its window opens \(wait), ", .yellow)
    }

    private var soaking: String {
        guard let until = wave.soaksUntil else { return "soaks" }
        return "soaks for another \((until - page.snapshot.takenAt).short)"
    }

    private var passed: String {
        let soaked = wave.soak > .zero ? "soaked \(wave.soak.compact)" : "passed"
        return wave.unchanged > 0 ? "\(soaked), \(wave.unchanged) needed no change" : soaked
    }

    private var exceptions: String {
        (wave.failed > 0 ? ", \(wave.failed) failed" : "")
            + (wave.deferred > 0 ? ", \(wave.deferred) left aside" : "")
    }
}

/// How wide the columns of all the waves of a run are, one under the other.
struct WaveWidths {
    let name: Int
    let qualifiedName: Int
    let counts: Int

    init(_ waves: [RunSnapshot.WaveView]) {
        let widest = { (text: (RunSnapshot.WaveView) -> String) in
            waves.reduce(0) { max($0, text($1).printable.columns) }
        }
        name = widest(\.name)
        qualifiedName = widest(\.qualifiedName)
        counts = widest(\.counts)
    }
}

extension RunSnapshot.WaveView {
    fileprivate var qualifiedName: String { "\(phase) \(name)" }
    fileprivate var counts: String { "\(succeeded)/\(clusters)" }
}
