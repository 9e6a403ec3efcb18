import FleetModel

/// The Deployment and Service of an in-cluster Istio operator.
struct IstioOperatorDeployment: Sendable {
    var name: String
    var space: String
    /// The namespace whose resources it handles.
    var watchedSpace: String
    /// Empty: it handles resources of any revision.
    var revision: String
    var image: String

    private var labels: [String: String] { ["name": name] }

    var objects: [JSON] {
        [Manifest.serviceAccount(name, in: space, labels: labels), deployment, service]
    }

    private var deployment: JSON {
        Manifest.make(
            "apps/v1", "Deployment", name, in: space, labels: labels,
            [
                "spec": [
                    "replicas": 1, "selector": ["matchLabels": JSON(labels)],
                    "template": [
                        "metadata": ["labels": JSON(labels)],
                        "spec": [
                            "serviceAccountName": .string(name), "containers": [container],
                        ],
                    ],
                ]
            ])
    }

    private var container: JSON {
        [
            "name": "istio-operator", "image": .string(image), "command": ["operator", "server"],
            "env": [
                Manifest.variable("WATCH_NAMESPACE", watchedSpace),
                Manifest.variable("LEADER_ELECTION_NAMESPACE", space),
                Manifest.variable("OPERATOR_NAME", name),
                Manifest.variable("REVISION", revision),
            ],
        ]
    }

    private var service: JSON {
        Manifest.make(
            "v1", "Service", name, in: space, labels: labels,
            [
                "spec": [
                    "type": "ClusterIP", "selector": JSON(labels),
                    "ports": [
                        [
                            "name": "http-metrics", "port": 8383, "targetPort": 8383,
                            "protocol": "TCP",
                        ]
                    ],
                ]
            ])
    }
}
