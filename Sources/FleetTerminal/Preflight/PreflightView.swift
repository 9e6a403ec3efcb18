public import FleetModel

/// The matrix of clusters and checks, and below it every finding in words.
///
/// ```
///   cluster  P01 P02 P03 …
///   edge-01   ✔   ✔   ✗
/// ```
public enum PreflightView {
    public static func draw(
        _ reports: [PreflightReport], checks: [PreflightCheck], width: Int, style: Style
    ) -> [String] {
        PreflightPage(reports: reports, checks: checks, style: style).lines(width)
    }
}

private struct PreflightPage {
    let reports: [PreflightReport]
    let checks: [PreflightCheck]
    let style: Style

    func lines(_ width: Int) -> [String] {
        (checks.isEmpty ? [] : matrix(width) + [""]) + troubles(width) + details(width) + [
            verdict.text(style)
        ]
    }

    // MARK: - The matrix

    /// As many columns as fit stand side by side; the others follow below.
    private func matrix(_ width: Int) -> [String] {
        let name = reports.reduce("cluster".columns) { max($0, $1.cluster.rawValue.columns) }
        let room = max(1, (width - name) / columnWidth)
        let starts = stride(from: 0, to: checks.count, by: room)
        return Array(
            starts.map { part(Array(checks[$0..<min($0 + room, checks.count)]), name) }
                .joined(separator: [""]))
    }

    private func part(_ checks: [PreflightCheck], _ name: Int) -> [String] {
        let heading = checks.reduce(Line("cluster", .faint).padded(to: name)) {
            $0 + Line($1.number, .faint).paddedAhead(to: columnWidth)
        }
        let rows = reports.map { report in
            checks.reduce(Line(report.cluster.rawValue).padded(to: name)) {
                $0 + sign(of: $1, in: report).paddedAhead(to: columnWidth)
            }
        }
        return ([heading] + rows).map { $0.text(style) }
    }

    private func sign(of check: PreflightCheck, in report: PreflightReport) -> Line {
        let symbols = style.symbols
        guard report.trouble == nil else { return Line("?", .red) }
        return switch report.worst(of: check) {
        case .block: Line(symbols.failed, .red)
        case .warn: Line("!", .yellow)
        case .note, nil: Line(symbols.done, .green)
        }
    }

    // MARK: - In words

    private func troubles(_ width: Int) -> [String] {
        let lines = reports.compactMap { report in
            report.trouble.map { Line("? \(report.cluster) could not be asked: \($0)", .red) }
        }
        return lines.isEmpty ? [] : lines.map { $0.text(style) } + [""]
    }

    /// By check, so that what the whole fleet has in common is read once.
    private func details(_ width: Int) -> [String] {
        checks.flatMap { check -> [String] in
            let found = findings(of: check)
            guard !found.isEmpty else { return [] }
            let heading = Line(check.number, .bold) + "  \(check.title)"
            let lines = found.map { words, clusters in
                Line(words).indented(by: 2) + Line("  \(clusters.inBrief)", .faint)
            }
            return ([heading] + lines + cure(check)).map { $0.text(style) } + [""]
        }
    }

    /// Good news wants none.
    private func cure(_ check: PreflightCheck) -> [Line] {
        let isWanted = reports.contains { $0.worst(of: check).map { $0 > .note } ?? false }
        return isWanted ? [Line("hint: \(check.cure)", .faint).indented(by: 2)] : []
    }

    /// Each thing that was found, with the clusters it was found in.
    private func findings(of check: PreflightCheck) -> [(words: String, clusters: [ClusterName])] {
        var clusters: [String: [ClusterName]] = [:]
        var order: [String] = []
        for report in reports {
            for finding in report.findings where finding.check == check.number {
                guard finding.severity > .note || reports.count == 1 else { continue }
                if clusters[finding.words] == nil { order.append(finding.words) }
                clusters[finding.words, default: []].append(report.cluster)
            }
        }
        return order.map { ($0, clusters[$0] ?? []) }
    }

    private var verdict: Line {
        let ready = reports.filter(\.isReady).count
        guard !checks.isEmpty || ready < reports.count else {
            return Line("The runbook has no checks: nothing was asked, and nothing was found.")
        }
        guard ready < reports.count else {
            let all = ready == 1 ? "The cluster" : "All \(ready) clusters"
            return Line("\(all) can be taken over.", .green)
        }
        return Line("\(ready) of \(counted(reports.count, "cluster")) can be taken over.", .red)
    }
}

/// Four characters of a number such as `lock`, and a blank.
private let columnWidth = 5

extension [ClusterName] {
    fileprivate var inBrief: String {
        let shown = prefix(4).map(\.rawValue).joined(separator: ", ")
        return count > 4 ? "\(shown) and \(count - 4) more" : shown
    }
}
