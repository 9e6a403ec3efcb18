public import FleetModel

/// The live view of a run: its waves as bars, and the clusters worth a line.
public enum RunView {
    /// The run in at most `height` lines, none wider than `width`.
    ///
    /// What does not fit is folded away, the least important first: finished
    /// phases, then phases to come, then waves, then clusters that do well.
    /// Clusters that failed are the last to go.
    public static func draw(
        _ snapshot: RunSnapshot, width: Int, height: Int, style: Style
    ) -> [String] {
        let page = RunPage(snapshot: snapshot, width: width, style: style)
        return RunFolding(page: page, height: height).lines.text(width: width, style: style)
    }
}

/// How much of a run is folded away, least first.
enum Fold: Int, Comparable, Sendable {
    case nothing, finishedPhases, otherPhases, otherWaves, allButCurrent

    static func < (lhs: Fold, rhs: Fold) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Finds out how much of a run must be folded for it to fit a height.
struct RunFolding {
    let page: RunPage
    let height: Int

    var lines: [Line] { whole ?? trimmed ?? squeezed }

    private var all: Int { page.snapshot.clusters.count }

    /// Every cluster worth a line, with phases folded if need be.
    private var whole: [Line]? {
        [Fold.nothing, .finishedPhases, .otherPhases].lazy
            .map { page.lines(fold: $0, clusters: all) }
            .first { $0.count <= height }
    }

    /// The most important clusters, as long as they have a third of the room.
    private var trimmed: [Line]? {
        [Fold.otherPhases, .otherWaves, .allButCurrent].lazy
            .compactMap { fold in
                let room = room(under: fold)
                let isEnough = room >= min(all, max(1, height / 3))
                return isEnough ? page.lines(fold: fold, clusters: min(room, all)) : nil
            }
            .first { $0.count <= height }
    }

    /// What is left when there is hardly any room; how the run stands comes first.
    private var squeezed: [Line] {
        let room = max(0, room(under: .allButCurrent))
        let lines = page.lines(fold: .allButCurrent, clusters: min(room, all))
        guard lines.count > height, let last = lines.last, height > 1 else {
            return Array(lines.prefix(max(0, height)))
        }
        return lines.prefix(height - 1) + [last]
    }

    /// Lines left for clusters beside the one that counts the others.
    private func room(under fold: Fold) -> Int {
        height - page.lines(fold: fold, clusters: 0).count
    }
}
