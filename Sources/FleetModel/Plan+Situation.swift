extension Plan {
    /// A cluster of the plan, as its steps see it.
    public func situation(of cluster: Cluster, run: RunID, epoch: Int) -> Situation {
        Situation(
            takeover: takeover, cluster: cluster,
            management: managementClusters.first { $0.name == cluster.management }, run: run,
            epoch: epoch)
    }
}
