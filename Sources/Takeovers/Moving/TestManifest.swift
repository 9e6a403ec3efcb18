import FleetModel

/// The test workload on one side: a server, a client, and a namespace that chooses the
/// revision.
struct TestManifest: Sendable {
    let move: Move
    let side: TestSide

    init(_ move: Move, side: TestSide? = nil) {
        (self.move, self.side) = (move, side ?? move.newSide)
    }

    /// Everything as one List, the namespace first.
    var list: JSON {
        ["apiVersion": "v1", "kind": "List", "items": .array(serving + [client])]
    }

    /// What it takes to be called.
    var serving: [JSON] { ground + [server] }

    /// What has to be there before a server is.
    var ground: [JSON] { [namespace] + network + [service] }

    /// On OpenShift pods of a namespace get the mesh's network only where it is attached
    /// (Istio's documentation, "Platform setup: OpenShift").
    private var network: [JSON] {
        guard move.settings.isOpenShift else { return [] }
        return [
            [
                "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
                "metadata": metadata("istio-cni"),
            ]
        ]
    }

    private var namespace: JSON {
        [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(side.namespace), "labels": JSON(side.labels),
                "annotations": [
                    TestWorkload.creatorAnnotation: .string(move.situation.run.rawValue)
                ],
            ],
        ]
    }

    var server: JSON {
        deployment(
            "petstore",
            container: [
                "name": "petstore", "image": .string(move.settings.testImage),
                "env": [
                    ["name": "DISABLE_OAUTH", "value": "1"],
                    ["name": "DISABLE_API_KEY", "value": "1"],
                ],
                "ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]],
            ])
    }

    private var client: JSON {
        deployment(
            "curl",
            container: [
                "name": "curl", "image": .string(move.settings.clientImage),
                "command": ["sleep", "infinity"],
            ])
    }

    private var service: JSON {
        let port: JSON = ["name": "http", "port": 8080, "targetPort": 8080, "protocol": "TCP"]
        return [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata("petstore"),
            "spec": ["selector": ["app": "petstore"], "ports": .array([port])],
        ]
    }

    private func deployment(_ name: String, container: JSON) -> JSON {
        let labels: JSON = ["app": .string(name)]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(name),
            "spec": [
                "replicas": 1, "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels], "spec": ["containers": .array([container])],
                ],
            ],
        ]
    }

    private func metadata(_ name: String) -> JSON {
        [
            "name": .string(name), "namespace": .string(side.namespace),
            "labels": ["app": .string(name)],
        ]
    }
}
