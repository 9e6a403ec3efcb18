import FleetModel

/// The workloads of a cluster and the pods that belong to each.
struct Workloads: Hashable, Sendable {
    /// In the order of namespace, name and kind.
    let all: [Workload]

    /// Sorts pods to their owners.
    ///
    /// - Parameters:
    ///   - pods: every pod; those that ended are left out.
    ///   - replicaSets: the objects between pods and their Deployments.
    ///   - owners: the objects pods are restarted through, by kind.
    init(pods: [JSON], replicaSets: [JSON], owners: [String: [JSON]]) {
        let resolver = OwnerResolver(replicaSets: replicaSets)
        let alive = pods.map(Pod.init).filter(\.isAlive)
        let podsByOwner = Dictionary(grouping: alive, by: resolver.owner)
        let objects = objectsByOwner(owners)
        all = podsByOwner.keys.sorted().map { owner in
            let pods = (podsByOwner[owner] ?? []).sorted { $0.name < $1.name }
            return Workload(
                owner: owner, object: objects[owner],
                isResolved: resolver.isResolved(owner), pods: pods)
        }
    }

    private init(all: [Workload]) { self.all = all }

    func filter(_ isWanted: (Workload) -> Bool) -> Workloads {
        Workloads(all: all.filter(isWanted))
    }

    /// Those with injected sidecars.
    var inMesh: [Workload] { all.filter(\.isInMesh) }

    static let paths = [
        APIPath.pods, APIPath.replicaSets, APIPath.deployments, APIPath.statefulSets,
        APIPath.daemonSets,
    ]

    /// Reads a cluster's workloads from what ``paths`` name.
    init(_ view: ClusterView) throws(Pause) {
        try view.require(Self.paths)
        self.init(
            pods: try view.list(APIPath.pods), replicaSets: try view.list(APIPath.replicaSets),
            owners: [
                "Deployment": try view.list(APIPath.deployments),
                "StatefulSet": try view.list(APIPath.statefulSets),
                "DaemonSet": try view.list(APIPath.daemonSets),
            ])
    }
}

/// Finds what a pod is restarted through.
private struct OwnerResolver {
    private let replicaSets: [OwnerReference: OwnerReference]
    /// ReplicaSets that nobody controls.
    private let free: Set<OwnerReference>

    init(replicaSets objects: [JSON]) {
        var (owned, free) = ([OwnerReference: OwnerReference](), Set<OwnerReference>())
        for object in objects {
            let set = OwnerReference(
                kind: "ReplicaSet", namespace: object.namespace, name: object.name)
            owned[set] = OwnerReference(controllerOf: object)
            if owned[set] == nil { free.insert(set) }
        }
        (replicaSets, self.free) = (owned, free)
    }

    /// A ReplicaSet ends a chain only when it was seen to have no controller.
    func isResolved(_ owner: OwnerReference) -> Bool {
        owner.kind != "ReplicaSet" || free.contains(owner)
    }

    /// A pod without a controller stands for itself.
    func owner(of pod: Pod) -> OwnerReference {
        guard let controller = pod.controller else {
            return OwnerReference(kind: "Pod", namespace: pod.namespace, name: pod.name)
        }
        return replicaSets[controller] ?? controller
    }
}

private func objectsByOwner(_ owners: [String: [JSON]]) -> [OwnerReference: JSON] {
    var objects: [OwnerReference: JSON] = [:]
    for (kind, items) in owners {
        for item in items {
            let owner = OwnerReference(kind: kind, namespace: item.namespace, name: item.name)
            objects[owner] = item
        }
    }
    return objects
}
