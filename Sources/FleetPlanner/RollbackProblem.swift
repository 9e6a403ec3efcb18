public import FleetModel

/// Why nothing of a run can be taken back.
public enum RollbackProblem: OperatorError, Hashable {
    case noWayBack(runbook: String, reason: String, advice: String?)
    case nothingToTakeBack(RunID, [Plan.LeftOut])

    public var problem: String {
        switch self {
        case .noWayBack(let runbook, let reason, _):
            "a takeover by runbook \(runbook.quoted) can't be rolled back: \(reason)"
        case .nothingToTakeBack(let run, let leftOut):
            "nothing of run \(run) can be rolled back: \(leftOut.inWords)"
        }
    }

    public var hint: String? {
        switch self {
        case .noWayBack(_, _, let advice): advice
        case .nothingToTakeBack(let run, _): "see `bellwether status \(run)`"
        }
    }
}

extension [Plan.LeftOut] {
    /// The first few clusters with their reasons, those of one reason together.
    fileprivate var inWords: String {
        guard !isEmpty else { return "no cluster was named" }
        var reasons: [String] = []
        for entry in self where !reasons.contains(entry.reason) { reasons.append(entry.reason) }
        return reasons.map { reason in
            let names = filter { $0.reason == reason }.map(\.cluster.rawValue)
            let shown = names.prefix(5).joined(separator: ", ")
            return (names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown)
                + " (\(reason))"
        }.joined(separator: "; ")
    }
}
