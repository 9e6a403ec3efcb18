import FleetModel

/// Gateways that the old operator rendered, which go with their resources.
struct DoomedGateways: Sendable {
    private let resources: Set<String>
    private let revision: Revision

    init(_ view: ClusterView, for move: Move) throws(Pause) {
        let operators = try view.optionalList(APIPath.istioOperators) ?? []
        resources = Set(
            IstioOperatorResource.unmanaged(operators, of: move.old).map(\.object.name))
        revision = move.old
    }

    func contains(_ pod: Pod) -> Bool {
        resource(of: pod).map(resources.contains) ?? false
    }

    /// Whether the pod's resource is gone, so that the pod is about to follow.
    func isOrphan(_ pod: Pod) -> Bool {
        resource(of: pod).map { !resources.contains($0) } ?? false
    }

    /// The resource that rendered the pod; `nil` when it is no such gateway.
    private func resource(of pod: Pod) -> String? {
        guard pod.isAlive, pod.proxy?.kind == .gateway, pod.proxy?.revision == revision,
            !Proxy.isInjected(into: pod.object)
        else { return nil }
        return pod.object.owningOperator
    }
}
