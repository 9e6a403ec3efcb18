public import FleetModel

/// Who a cluster is to a run, as the UID of its kube-system namespace tells.
public enum Recognition: Hashable, Sendable {
    /// The UID that holds: the one of the first contact.
    case known(uid: String)
    /// Another workload cluster of the run has this UID.
    case taken(by: ClusterName)
}

/// Journals a cluster's identity at first contact and returns the one that holds, or whose it is
/// already.
public typealias Pinning = @Sendable (ClusterName, String) async -> Recognition
