import FleetModel

/// HorizontalPodAutoscalers. They are scenery: nothing in the lab has a load.
enum Autoscaler {
    static func make(
        _ name: String, in space: String, labels: [String: String], most: Int64
    ) -> JSON {
        Manifest.make(
            "autoscaling/v2", "HorizontalPodAutoscaler", name, in: space, labels: labels,
            [
                "spec": [
                    "minReplicas": 1, "maxReplicas": .int(most),
                    "scaleTargetRef": [
                        "apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name),
                    ],
                    "metrics": [
                        [
                            "type": "Resource",
                            "resource": [
                                "name": "cpu",
                                "target": ["type": "Utilization", "averageUtilization": 80],
                            ],
                        ]
                    ],
                ],
                "status": ["currentReplicas": 1, "desiredReplicas": 1],
            ])
    }
}
