import FleetModel

/// What `istioctl install` would remove beside what it installs: objects that it put there under
/// the same revision, and that are not in its profile (istio, `Installer.prune`).
struct PrunedComponents: Hashable, Sendable {
    /// The nodes' agents and gateways of a revision, by kind and name.
    let names: [String]

    static let paths = [APIPath.deployments, APIPath.daemonSets]

    init(of revision: Revision, deployments: [JSON], daemonSets: [JSON]) {
        let objects = deployments.map { ("Deployment", $0) } + daemonSets.map { ("DaemonSet", $0) }
        names = objects.filter { $0.1.isShared(by: revision) }
            .map { "\($0.0) \($0.1.qualifiedName)" }.sorted()
    }

    /// Why nothing may be installed; `nil` when nothing would go.
    var complaint: String? {
        guard !names.isEmpty else { return nil }
        return "istioctl would remove \(names.summary), of the new revision and not in the profile"
    }
}

extension JSON {
    /// Whether it is istioctl's, and none of an istiod.
    fileprivate func isShared(by revision: Revision) -> Bool {
        let component = labels["operator.istio.io/component"] ?? ""
        return ["Cni", "Ztunnel", "IngressGateways", "EgressGateways"].contains(component)
            && labels[IstioLabel.revision] == revision.rawValue
            && helmRelease == nil
    }
}
