import FleetModel

/// Workloads of which pods came up without the sidecar that they ask for.
///
/// Between the old injector's end and the new one's beginning nobody injects, and nobody
/// is told (B07).
struct BareWorkloads: Sendable {
    /// In the order of namespace and name.
    let all: [Workload]

    static let paths = Workloads.paths + [APIPath.namespaces, APIPath.mutatingWebhooks]

    init(_ view: ClusterView, _ move: Move) throws(Pause) {
        try view.require(Self.paths)
        let selection = try SidecarSelection(view, move)
        all = try Workloads(view).all.filter { $0.lacksSidecars(selection.wants) }
    }

    var owners: [OwnerReference] { all.map(\.owner) }
}
