import FleetModel

/// Machines outside the cluster that may ask its istiods for their configuration. Nothing in the
/// cluster tells which istiod that is, and one that is off does not show at any.
struct OutsideMachines: Sendable {
    /// The WorkloadGroups that nobody has answered for, by name.
    let groups: [String]
    /// WorkloadEntries of no group: perhaps of a machine, perhaps just an address.
    let entries: [String]

    static let paths = [APIPath.workloadGroups[0], APIPath.workloadEntries[0]]

    static func groups(_ view: ClusterView, of move: Move) throws(Pause) -> [String] {
        try (view.optionalList(firstOf: APIPath.workloadGroups) ?? []).map(\.qualifiedName)
            .filter { !move.settings.isWaived($0) }.sorted()
    }

    init(_ view: ClusterView, of move: Move) throws(Pause) {
        groups = try Self.groups(view, of: move)
        entries = try (view.optionalList(firstOf: APIPath.workloadEntries) ?? [])
            .filter { $0.annotations["istio.io/autoRegistrationGroup"] == nil }
            .map(\.qualifiedName).filter { !move.settings.isWaived($0) }.sorted()
    }
}
