public import FleetModel

/// The run that takes another back, as that one's `status` shows it.
public struct RollbackView: Hashable, Sendable {
    let run: RunID
    let isOver: Bool
    /// The plan of the run that it takes back.
    let plan: String
    /// The clusters that go back, where others of the run do not; else empty.
    let part: [ClusterName]

    public init(run: RunID, isOver: Bool, plan: String, part: [ClusterName] = []) {
        (self.run, self.isOver) = (run, isOver)
        (self.plan, self.part) = (plan, part)
    }

    private var what: String {
        let verb = isOver ? "was" : "is"
        guard !part.isEmpty else { return "It \(verb)" }
        let plural = isOver ? "were" : "are"
        return "Of it \(part.map(\.rawValue).summary) \(part.count == 1 ? verb : plural)"
    }

    /// What was rolled back is not gone on with by a plain `resume`.
    func hints(for snapshot: RunSnapshot) -> [String] {
        let forward = snapshot.run
        guard isOver else {
            return [
                "\(what) being rolled back, by run \(run).",
                "To see how that stands, run `bellwether status \(run)`.",
            ]
        }
        let told = "\(what) rolled back, by run \(run)."
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
