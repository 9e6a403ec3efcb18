import FleetCoordinator
public import FleetModel
import Synchronization

/// Who a cluster is to a run, as the UID of its kube-system namespace tells.
public enum Recognition: Hashable, Sendable {
    /// The UID that holds: the one of the first contact.
    case known(uid: String)
    /// Another workload cluster of the run has this UID.
    case taken(by: ClusterName)
}

/// The identities of a run's clusters: the first one met holds, and no two workload clusters
/// share one.
///
/// Two names of the inventory may lead to one cluster. It would be changed twice at once, and
/// its lease, which names the run, would keep neither out. A management cluster may well be one
/// of the workload clusters, too.
final class Identities: Sendable {
    private struct State {
        var uids: [ClusterName: String] = [:]
        var owners: [String: ClusterName] = [:]
    }

    private let workloads: Set<ClusterName>
    private let state = Mutex(State())

    init(_ coordinator: Coordinator) {
        workloads = Set(coordinator.plan.clusters.map(\.name))
        for cluster in coordinator.plan.clusters + coordinator.plan.managementClusters {
            guard let uid = coordinator.pinnedIdentity(of: cluster.name) else { continue }
            _ = meet(cluster.name, as: uid)
        }
    }

    func meet(_ cluster: ClusterName, as uid: String) -> Recognition {
        state.withLock { state in
            if let known = state.uids[cluster] { return .known(uid: known) }
            if workloads.contains(cluster) {
                if let owner = state.owners[uid] { return .taken(by: owner) }
                state.owners[uid] = cluster
            }
            state.uids[cluster] = uid
            return .known(uid: uid)
        }
    }
}
