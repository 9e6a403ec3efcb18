import FleetModel

/// The in-cluster operator of the unmanaged installation.
struct OldOperator: Sendable {
    /// Its Deployments, in order; usually one.
    let deployments: [JSON]
    let services: [JSON]
    /// Whether there is none at all, not even one that is down or a pod of it: nobody will ever
    /// finish what a deletion begins.
    let isGone: Bool

    static let paths = [APIPath.deployments, APIPath.services, APIPath.pods]

    init(_ view: ClusterView, for move: Move) throws(Pause) {
        try view.require(Self.paths)
        deployments = try view.list(APIPath.deployments)
            .filter { $0.isUnmanagedOperator && $0.handles(move.old) }
            .sorted { $0.qualifiedName < $1.qualifiedName }
        let pods = try view.list(APIPath.pods)
        isGone =
            deployments.isEmpty && !pods.contains { $0.isUnmanagedOperator && Pod($0).isAlive }
        services = try view.list(APIPath.services)
            .filter { $0.isUnmanagedOperator && $0.belongs(to: move.old) }
            .sorted { $0.qualifiedName < $1.qualifiedName }
    }

    /// Whether an operator runs that will finish what a deletion begins.
    var isAlive: Bool {
        deployments.contains { ($0.status["availableReplicas"]?.int ?? 0) > 0 }
    }
}

extension JSON {
    fileprivate var isUnmanagedOperator: Bool {
        let isNamed = name == "istio-operator" || name.hasPrefix("istio-operator-")
        return isNamed && !namespace.hasPrefix("gm-iop-")
    }

    /// An operator without a revision of its own handles every one.
    fileprivate func handles(_ revision: Revision) -> Bool {
        let containers = template["spec"]?.items("containers") ?? []
        let own = containers.lazy.compactMap { $0.environment("REVISION") }.first ?? ""
        return (own.isEmpty || own == revision.rawValue) && belongs(to: revision)
    }

    /// Whether the name is the operator's plain one or ends in the revision.
    fileprivate func belongs(to revision: Revision) -> Bool {
        name == "istio-operator" || name == "istio-operator-\(revision)"
    }
}
