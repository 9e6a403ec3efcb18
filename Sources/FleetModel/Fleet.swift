/// Every cluster in the inventory, and how each is reached.
public struct Fleet: Hashable, Sendable {
    /// The clusters whose mesh is taken over, in the inventory's order.
    public var clusters: [Cluster]
    public var managementClusters: [Cluster]
    public var bastions: [Bastion]

    public init(
        clusters: [Cluster], managementClusters: [Cluster] = [], bastions: [Bastion] = []
    ) {
        self.clusters = clusters
        self.managementClusters = managementClusters
        self.bastions = bastions
    }

    public func cluster(named name: ClusterName) -> Cluster? {
        clusters.first { $0.name == name } ?? managementClusters.first { $0.name == name }
    }
}
