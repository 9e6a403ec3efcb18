extension Plan {
    /// The bastions through which a cluster is reached, the first hop first; empty when
    /// it is reached from here.
    public func way(to cluster: Cluster) -> [BastionName] { way(to: cluster.place) }

    /// The same of where a command runs.
    public func way(to place: Command.Place) -> [BastionName] {
        guard case .bastion(let last) = place else { return [] }
        var way: [BastionName] = []
        var next: BastionName? = last
        // A circle can't be planned, but a plan may come from anywhere.
        while let name = next, !way.contains(name) {
            way.insert(name, at: 0)
            next = bastions.first { $0.name == name }?.via
        }
        return way
    }
}
