import FleetModel

/// Istio's CNI node agent, as a component of an `IstioOperator`: it is pruned with the resource,
/// and without it the kubelet starts no pod any more.
enum NetworkAgent {
    private static let name = "istio-cni-node"
    private static let space = "kube-system"

    static func daemonSet(of resource: IstioOperatorResource) -> JSON {
        let labels = ["k8s-app": name]
        let own = resource.owner.labels(component: "Cni", revision: resource.revisionName)
        let revision = resource.revision
        return Manifest.make(
            "apps/v1", "DaemonSet", name, in: space, labels: own.merging(labels) { $1 },
            [
                "spec": [
                    "selector": ["matchLabels": JSON(labels)],
                    "template": [
                        "metadata": ["labels": JSON(labels)],
                        "spec": [
                            "hostNetwork": true,
                            "containers": [
                                [
                                    "name": "install-cni",
                                    "image": .string("\(revision.hub)/install-cni:\(revision.tag)"),
                                ]
                            ],
                        ],
                    ],
                ]
            ])
    }

    /// What keeps a pod from starting while the agent is away.
    static func trouble(of pod: JSON, _ scene: Scene) -> ActiveFaults.Trouble? {
        let key = ObjectKey("daemonsets.apps", namespace: space, name: name)
        guard scene.faults.prunesNetwork, scene.store.get(key) == nil,
            pod[path: ["spec", "hostNetwork"]]?.bool != true
        else { return nil }
        return .waiting(
            reason: "ContainerCreating",
            message: "failed to create pod sandbox: plugin type=\"istio-cni\" failed (add): failed "
                + "to find plugin \"istio-cni\" in path [/opt/cni/bin]")
    }
}
