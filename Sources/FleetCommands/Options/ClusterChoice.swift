import ArgumentParser
import FleetModel

/// Which clusters of the inventory a verb is about.
struct ClusterChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The clusters with these labels, as for `kubectl -l`.", valueName: "labels"))
    var selector: String?
    @Flag(help: "Every workload cluster.")
    var all = false

    /// The chosen clusters in the inventory's order, each once. Management clusters
    /// are chosen by name alone.
    func clusters(named names: [String], in fleet: Fleet) throws -> [Cluster] {
        let everything = fleet.clusters + fleet.managementClusters
        for name in names where !everything.contains(where: { $0.name.rawValue == name }) {
            throw UsageError.notInInventory(ClusterName(name), known: everything.map(\.name))
        }
        let selected = try fleet.clusters.filter { try all || isSelected($0) }
        let chosen = everything.filter {
            names.contains($0.name.rawValue) || selected.contains($0)
        }
        guard !chosen.isEmpty else {
            throw selector.map(UsageError.noClusterMatches) ?? UsageError.noClusterChosen
        }
        return chosen
    }

    private func isSelected(_ cluster: Cluster) throws -> Bool {
        guard let selector else { return false }
        guard let labels = Selector(text: selector) else {
            throw UsageError.noSuchSelector(selector)
        }
        return labels.matches(cluster.labels)
    }
}
