extension Halt {
    /// Why the run stops, as a clause.
    public var reason: String {
        switch self {
        case .requested(let by, nil): "\(by) asked for it"
        case .requested(let by, let reason?): "\(by) asked for it: \(reason)"
        case .canaryFailed(let cluster, let reason): "canary \(cluster) failed: \(reason)"
        case .failureBudgetSpent(_, let failed):
            "the wave's failure budget is spent by \(failed.listed)"
        case .fleetBudgetSpent(let failed):
            "the run's failure budget is spent by \(failed.listed)"
        case .tooManyDeferred(_, let deferred):
            "too many clusters were unwell before we came: \(deferred.listed)"
        case .identityMismatch(let cluster, let reason): "\(cluster) is not itself: \(reason)"
        case .alarmed(let cluster, let reason): "\(cluster) raised an alarm: \(reason)"
        }
    }
}

extension [ClusterName] {
    /// A handful of names is enough in a sentence; `status` shows them all.
    fileprivate var listed: String {
        let names = map(\.rawValue)
        let rest = names.count - mostNamesInASentence
        guard rest > 1 else { return names.joined(separator: ", ") }
        return names.prefix(mostNamesInASentence).joined(separator: ", ") + " and \(rest) more"
    }
}

/// More would push the sentence's end off a screen of 80 columns.
private let mostNamesInASentence = 6
