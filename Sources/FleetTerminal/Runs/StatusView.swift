public import FleetModel

/// A run as `status` prints it: everything, and what to type next.
public enum StatusView {
    /// The run in lines no wider than asked. `isAttended` tells whether a
    /// coordinator holds the run right now, `rollback` who takes it back or did so last.
    public static func draw(
        _ snapshot: RunSnapshot, isAttended: Bool, rollback: RollbackView? = nil, width: Int,
        style: Style
    ) -> [String] {
        let page = RunPage(snapshot: snapshot, width: width, style: style, wrapsReasons: true)
        let lines = page.lines(fold: .nothing, clusters: snapshot.clusters.count)
        let hints = hints(for: snapshot, isAttended: isAttended, rollback: rollback)
            .flatMap { $0.wrapped(to: width) }.map { Line($0, .bold) }
        return (lines + hints).text(width: width, style: style)
    }

    /// The commands worth typing next, by how the run stands.
    static func hints(
        for snapshot: RunSnapshot, isAttended: Bool, rollback: RollbackView? = nil
    ) -> [String] {
        let run = snapshot.run
        let why = why(in: snapshot)
        if let rollback { return why + rollback.hints(for: snapshot) }
        switch snapshot.state {
        case .planned: return ["To start it, run `bellwether run \(run)`."]
        case .awaitingApproval:
            let resume = isAttended ? "" : ", then `bellwether resume \(run)`"
            return ["To let the wave start, run `bellwether approve \(run)`\(resume)."]
        case .halted, .aborted: return why + ["To go on, run `bellwether resume \(run)`."]
        case .completed: return []
        case .completedWithExceptions: return why
        case .running, .soaking, .halting, .aborting:
            let command = "`bellwether resume \(run)`"
            return why + windows(in: snapshot)
                + (isAttended ? [] : ["No coordinator holds the run. To go on, run \(command)."])
        }
    }

    /// Who can't wait for a window has to know that there is a way.
    private static func windows(in snapshot: RunSnapshot) -> [String] {
        guard snapshot.waitsForWindow else { return [] }
        let command = "bellwether approve \(snapshot.run) --outside-windows --reason TEXT"
        return ["To begin all the same, run `\(command)`."]
    }

    private static func why(in snapshot: RunSnapshot) -> [String] {
        let culprit = snapshot.halt?.clusters.first
        let troubled = snapshot.clusters.first { $0.state.rank == 0 }?.name
        let leftAside = snapshot.clusters.first { $0.state == .deferred }?.name
        guard let cluster = culprit ?? troubled ?? leftAside else { return [] }
        return ["To see why, run `bellwether why \(cluster) --run \(snapshot.run)`."]
    }
}
