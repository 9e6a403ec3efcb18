public import FleetModel

/// What one cluster answered to `exec`: who, how it went, and the output whole.
public enum ExecView {
    public static func draw(
        _ result: CommandResult, of cluster: Cluster, style: Style
    ) -> [String] {
        // Made fit for a terminal: what a cluster prints must not move the cursor.
        [heading(result, cluster).text(style)] + result.stdoutText.printableLines
            + result.stderrText.printableLines
            + result.killed.map { "(killed with it: \($0.printableLines.joined(separator: " ")))" }
            + (result.isTruncated ? ["(more was printed than was kept)"] : []) + [""]
    }

    private static func heading(_ result: CommandResult, _ cluster: Cluster) -> Line {
        let way = cluster.bastion.map { ", through \($0)" } ?? ""
        if case .notStarted = result.ending {
            return Line(cluster.name.rawValue, .bold) + "  " + Line("\(result.ending)", .red)
                + Line(way, .faint)
        }
        return Line(cluster.name.rawValue, .bold) + "  "
            + Line("\(result.ending)", result.succeeded ? .green : .red)
            + Line(" after \(result.duration.precise)\(way)", .faint)
    }
}
