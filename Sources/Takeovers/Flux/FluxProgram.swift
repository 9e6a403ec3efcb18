import FleetModel

/// The program `flux`, where the inventory names one for a cluster.
struct FluxProgram: Hashable, Sendable {
    private let cluster: Cluster

    init?(of cluster: Cluster) {
        guard cluster.tools[ClusterTool.flux.rawValue] != nil else { return nil }
        self.cluster = cluster
    }

    /// Has Flux fetch a release's source and then look at the release, and waits for both:
    /// longer than the ten minutes that Helm may take.
    func reconciliation(of release: String, in namespace: String) -> Command {
        let words = [
            "reconcile", "helmrelease", release, "-n", namespace, "--with-source", "--timeout",
            "15m",
        ]
        return Command(
            ClusterTool.flux.argv(words, on: cluster), place: cluster.place,
            deadline: .minutes(16), isMutating: true,
            purpose: "have flux reconcile HelmRelease \(release) and its source")
    }
}
