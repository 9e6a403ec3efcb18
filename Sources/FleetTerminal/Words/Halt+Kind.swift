import FleetModel

extension Halt {
    /// The kind of halt, as JSON names it.
    var kind: String {
        switch self {
        case .requested: "requested"
        case .canaryFailed: "canaryFailed"
        case .failureBudgetSpent: "failureBudgetSpent"
        case .fleetBudgetSpent: "fleetBudgetSpent"
        case .tooManyDeferred: "tooManyDeferred"
        case .identityMismatch: "identityMismatch"
        case .alarmed: "alarmed"
        }
    }

    /// The clusters that brought it about, if clusters did.
    var clusters: [ClusterName] {
        switch self {
        case .requested: []
        case .canaryFailed(let cluster, _), .identityMismatch(let cluster, _),
            .alarmed(let cluster, _):
            [cluster]
        case .failureBudgetSpent(_, let clusters), .fleetBudgetSpent(let clusters),
            .tooManyDeferred(_, let clusters):
            clusters
        }
    }
}
