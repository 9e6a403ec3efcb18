import FleetModel

/// Which istiod ztunnel asks. Istio's chart derives that from its `revision`, unless its values
/// give an address (`XDS_ADDRESS` and `CA_ADDRESS` of its pods).
struct TunnelAddress: Sendable {
    let move: Move

    private static let values = ["xdsAddress", "caAddress"]
    private static let variables = ["XDS_ADDRESS", "CA_ADDRESS"]

    /// The words for the old control plane that a release's values hold on to, whatever revision
    /// it is given; `nil` when they do not.
    func pin(in values: JSON) -> String? {
        let pinned = Self.values.first { isOld(values[$0]?.string) }
        guard let pinned, let address = values[pinned]?.string else { return nil }
        return "holds on to the old control plane: its value \(pinned) is \(address.quoted); "
            + "take that out by a `helm upgrade` of its present chart"
    }

    /// What is wrong with pods of a DaemonSet's template; `nil` when they ask the new istiod.
    func complaint(of daemonSet: JSON) -> String? {
        let name = "DaemonSet \(daemonSet.qualifiedName)"
        let containers = daemonSet.template.spec.items("containers")
        for variable in Self.variables {
            let address = containers.lazy.compactMap { $0.environment(variable) }.first
            if let address, isOld(address) { return "\(name) asks \(address) (\(variable))" }
        }
        guard let revision = Proxy(of: daemonSet.template)?.revision, revision != move.revision
        else { return nil }
        return "\(name) is of revision \(revision), not \(move.revision)"
    }

    private func isOld(_ address: String?) -> Bool { revision(ofAddress: address) == move.old }
}
