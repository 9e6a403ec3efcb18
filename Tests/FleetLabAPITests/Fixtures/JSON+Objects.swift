import FleetModel

extension JSON {
    static func deployment(_ name: String, in namespace: String, replicas: Int = 2) -> JSON {
        [
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": [
                "replicas": .int(Int64(replicas)),
                "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "app", "image": "nginx:1.25"]]],
                ],
            ],
        ]
    }

    static func pod(_ name: String, in namespace: String, labels: [String: String] = [:]) -> JSON {
        [
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "labels": JSON(labels),
            ],
            "spec": ["containers": [["name": "app", "image": "nginx:1.25"]]],
        ]
    }

    static func configMap(
        _ name: String, in namespace: String = "default", _ data: [String: String] = [:]
    ) -> JSON {
        [
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "data": JSON(data),
        ]
    }

    /// The definition of Gloo's lifecycle managers, as far as the API server looks at it.
    static let lifecycleManagerDefinition: JSON = [
        "metadata": ["name": "istiolifecyclemanagers.admin.gloo.solo.io"],
        "spec": [
            "group": "admin.gloo.solo.io", "scope": "Namespaced",
            "names": [
                "plural": "istiolifecyclemanagers", "kind": "IstioLifecycleManager",
                "shortNames": ["ilm"],
            ],
            "versions": [
                [
                    "name": "v2", "served": true, "storage": true, "subresources": ["status": [:]],
                    "additionalPrinterColumns": [
                        [
                            "name": "State", "type": "string",
                            "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status",
                        ]
                    ],
                ]
            ],
        ],
    ]
}
