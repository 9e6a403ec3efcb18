import FleetModel

/// The clusters that are shown, one under the other in columns of their own.
struct ClusterLines {
    let page: RunPage
    private let nameWidth: Int
    private let stepWidth: Int
    private let ageWidth: Int

    init(page: RunPage, clusters: [RunSnapshot.ClusterView]) {
        self.page = page
        let widest = { (text: (RunSnapshot.ClusterView) -> String) in
            clusters.reduce(0) { max($0, text($1).printable.columns) }
        }
        nameWidth = min(widest(\.name.rawValue), page.width / 3)
        stepWidth = min(widest(\.step), page.width / 4)
        ageWidth = widest { (page.snapshot.takenAt - $0.since).short }
    }

    func lines(of cluster: RunSnapshot.ClusterView, indent: Int) -> [Line] {
        let columns = (opening(cluster) + timing(cluster)).indented(by: indent)
        let words = words(cluster).printable
        let room = page.width - columns.columns
        guard page.wrapsReasons, words.columns > room else {
            return [columns + Line(words, cluster.state.wordsInk)]
        }
        let rows = words.wrapped(to: max(20, page.width - indent - 4))
        return [columns]
            + rows.map { Line($0, cluster.state.wordsInk).indented(by: indent + 4) }
    }

    private func opening(_ cluster: RunSnapshot.ClusterView) -> Line {
        let style = page.style
        return Line(cluster.name.rawValue, .bold).fitted(to: nameWidth, style: style)
            .padded(to: nameWidth) + "  "
            + Line(cluster.state.symbol(style), cluster.state.ink) + " "
            + Line(cluster.step).fitted(to: stepWidth, style: style).padded(to: stepWidth) + " "
    }

    /// What is over has no age worth watching, and its reason needs the room.
    private func timing(_ cluster: RunSnapshot.ClusterView) -> Line {
        guard !cluster.state.isSettled else { return Line() }
        let age = (page.snapshot.takenAt - cluster.since).short
        let attempt = cluster.attempt > 0 ? "attempt \(cluster.attempt)" : ""
        return Line(attempt, .faint).padded(to: attemptWidth) + " "
            + Line(age).paddedAhead(to: ageWidth) + "  "
    }

    /// Nearly every attempt has one digit; a column for ten would look empty.
    private var attemptWidth: Int { 9 }

    private func words(_ cluster: RunSnapshot.ClusterView) -> String {
        guard cluster.state.needsNaming else { return cluster.words }
        return cluster.words.isEmpty
            ? cluster.state.words : "\(cluster.state.words): \(cluster.words)"
    }
}
