import FleetModel

/// The workloads of a cluster and the pods that belong to each.
struct Workloads: Hashable, Sendable {
    /// In the order of namespace, name and kind.
    let all: [Workload]
    /// What pods may be restarted through, with pods and without, as far as it was read.
    let objects: [OwnerReference: JSON]

    /// Sorts pods to their owners.
    ///
    /// - Parameters:
    ///   - pods: every pod; those that ended are left out.
    ///   - replicaSets: the objects between pods and their Deployments.
    ///   - owners: the objects pods are restarted through, by kind.
    init(pods: [JSON], replicaSets: [JSON], owners: [String: [JSON]]) {
        let resolver = OwnerResolver([
            "ReplicaSet": replicaSets,
            "ReplicationController": owners["ReplicationController"] ?? [],
        ])
        let alive = pods.map(Pod.init).filter(\.isAlive)
        let podsByOwner = Dictionary(grouping: alive, by: resolver.owner)
        let objects = objectsByOwner(owners.merging(["ReplicaSet": replicaSets]) { $1 })
        self.objects = objects.filter { resolver.isResolved($0.key) }
        all = podsByOwner.keys.sorted().map { owner in
            let pods = (podsByOwner[owner] ?? []).sorted { $0.name < $1.name }
            return Workload(
                owner: owner, object: objects[owner],
                isResolved: resolver.isResolved(owner), pods: pods)
        }
    }

    private init(all: [Workload], objects: [OwnerReference: JSON]) {
        (self.all, self.objects) = (all, objects)
    }

    func filter(_ isWanted: (Workload) -> Bool) -> Workloads {
        Workloads(all: all.filter(isWanted), objects: objects)
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
        let pods = try view.list(APIPath.pods)
        let replicaSets = try view.list(APIPath.replicaSets)
        var owners = [
            "Deployment": try view.list(APIPath.deployments),
            "StatefulSet": try view.list(APIPath.statefulSets),
            "DaemonSet": try view.list(APIPath.daemonSets),
        ]
        for (kind, path) in Self.rarePaths(pods + replicaSets) {
            owners[kind] = try view.optionalList(path) ?? []
        }
        // Those make their pods through ReplicationControllers.
        if Self.kinds(controlling: owners["ReplicationController"] ?? [])
            .contains("DeploymentConfig")
        {
            owners["DeploymentConfig"] = try view.optionalList(APIPath.deploymentConfigs) ?? []
        }
        self.init(pods: pods, replicaSets: replicaSets, owners: owners)
    }

    private static func kinds(controlling owned: [JSON]) -> Set<String> {
        Set(owned.compactMap { OwnerReference(controllerOf: $0)?.kind })
    }

    /// Where to read the kinds that few clusters have: only when something names them.
    private static func rarePaths(_ owned: [JSON]) -> [(kind: String, path: String)] {
        let kinds = kinds(controlling: owned)
        let rare = [
            ("ReplicationController", APIPath.replicationControllers),
            ("Rollout", APIPath.argoRollouts),
        ]
        return rare.filter { kinds.contains($0.0) }
    }
}

/// Finds what a pod is restarted through.
private struct OwnerResolver {
    /// What stands between pods and their owners, with the owners.
    private let between: [OwnerReference: OwnerReference]
    /// Of those kinds what nobody controls.
    private let free: Set<OwnerReference>
    private let kinds: Set<String>

    init(_ objects: [String: [JSON]]) {
        var (owned, free) = ([OwnerReference: OwnerReference](), Set<OwnerReference>())
        for (kind, items) in objects {
            for item in items {
                let own = OwnerReference(kind: kind, namespace: item.namespace, name: item.name)
                owned[own] = OwnerReference(controllerOf: item)
                if owned[own] == nil { free.insert(own) }
            }
        }
        (between, self.free, kinds) = (owned, free, Set(objects.keys))
    }

    /// A ReplicaSet ends a chain only when it was seen to have no controller.
    func isResolved(_ owner: OwnerReference) -> Bool {
        !kinds.contains(owner.kind) || free.contains(owner)
    }

    /// A pod without a controller stands for itself.
    func owner(of pod: Pod) -> OwnerReference {
        guard let controller = pod.controller else {
            return OwnerReference(kind: "Pod", namespace: pod.namespace, name: pod.name)
        }
        return between[controller] ?? controller
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
