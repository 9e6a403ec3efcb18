import FleetCoordinator
import FleetModel
import FleetPlanner

extension Coordinator {
    /// How far the run came with each of its clusters.
    var reach: [ClusterName: Reach] {
        let clusters = plan.clusters.compactMap { cluster in
            progress(of: cluster.name).map { (cluster.name, reach($0, cluster.name)) }
        }
        let management = plan.managementClusters.map { cluster in
            let identity = pinnedIdentity(of: cluster.name)
            return (
                cluster.name, Reach(isTouched: false, phase: 0, steps: 0, identity: identity)
            )
        }
        return Dictionary(clusters + management) { first, _ in first }
    }

    private func reach(_ progress: ClusterProgress, _ name: ClusterName) -> Reach {
        let isAside =
            switch progress.state {
            case .planned, .deferred: true
            case .inFlight, .ready, .waiting, .succeeded, .failed: false
            }
        let isDone = progress.state == .succeeded
        return Reach(
            isTouched: progress.phase > 0 || progress.step > 0 || !isAside,
            phase: progress.phase,
            steps: isDone ? plan.phases[progress.phase].steps.count : progress.step,
            identity: pinnedIdentity(of: name))
    }
}
