public import FleetModel

/// The run that takes another back, as that one's `status` shows it.
public struct RollbackView: Hashable, Sendable {
    let run: RunID
    let isOver: Bool
    /// The plan of the run that it takes back.
    let plan: String

    public init(run: RunID, isOver: Bool, plan: String) {
        (self.run, self.isOver, self.plan) = (run, isOver, plan)
    }

    /// What was rolled back is not gone on with by a plain `resume`.
    func hints(for snapshot: RunSnapshot) -> [String] {
        let forward = snapshot.run
        guard isOver else {
            return [
                "It is being rolled back, by run \(run).",
                "To see how that stands, run `bellwether status \(run)`.",
            ]
        }
        let told = "It was rolled back, by run \(run)."
        let anew = "To begin anew, run `bellwether run \(plan) --reason TEXT`."
        guard !snapshot.state.isOver else { return [told, anew] }
        return [
            told, anew,
            "To go on without what was rolled back, run "
                + "`bellwether resume \(forward) --accept-failures --reason TEXT`.",
        ]
    }
}

extension RunSnapshot.State {
    fileprivate var isOver: Bool { self == .completed || self == .completedWithExceptions }
}
