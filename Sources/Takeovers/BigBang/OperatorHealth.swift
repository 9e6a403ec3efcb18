import FleetModel

/// The in-cluster operator of Big Bang's old packages.
struct OperatorHealth: Sendable {
    /// `nil` when there is no Deployment of it.
    let deployment: JSON?

    init(_ view: ClusterView) throws(Pause) {
        deployment = try view.list(APIPath.deployments).first {
            $0.namespace == BigBangPackages.operatorNamespace && $0.name.hasPrefix("istio-operator")
        }
    }

    var isAlive: Bool { (deployment?.status["availableReplicas"]?.int ?? 0) > 0 }
}
