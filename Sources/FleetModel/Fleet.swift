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

    /// The bastions that some clusters are reached through, and the ones those are
    /// reached through, in the inventory's order.
    public func bastions(leadingTo clusters: [Cluster]) -> [Bastion] {
        var wanted = Set(clusters.compactMap(\.bastion))
        var next = wanted
        while !next.isEmpty {
            let hops = Set(bastions.filter { next.contains($0.name) }.compactMap(\.via))
            next = hops.subtracting(wanted)
            wanted.formUnion(next)
        }
        return bastions.filter { wanted.contains($0.name) }
    }
}
