import FleetCoordinator
import FleetModel
import Synchronization

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
