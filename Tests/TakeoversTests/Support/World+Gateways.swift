import FleetModel

@testable import Takeovers

/// Plays Istio's gateway chart, and the controllers that bring pods to what it renders.
extension World {
    /// A gateway of the chart in `edge`, on the old revision and with so many pods.
    mutating func addGateway(_ name: String = "ingress", replicas: Int = 2, values: JSON = [:]) {
        var values = values
        values["revision"] = "1-24-3"
        releases["edge/\(name)"] = HelmWorld(chart: "gateway-1.24.3", values: values)
        if object("Namespace", "edge") == nil {
            cluster.append(["kind": "Namespace", "metadata": ["name": "edge"]])
        }
        cluster.append([
            "kind": "Service",
            "metadata": ["name": .string(name), "namespace": "edge", "resourceVersion": "1"],
            "spec": [
                "type": "LoadBalancer",
                "selector": ["app": .string(name), "istio": .string(name)],
            ],
            "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.10"]]]],
        ])
        renderGateway("edge/\(name)")
        edit("Deployment", name, in: "edge") {
            $0[path: ["spec", "replicas"]] = .int(Int64(replicas))
        }
        followGateways()
    }

    /// The Deployment of a release. An autoscaled one keeps the replicas that it has.
    mutating func renderGateway(_ key: String) {
        let parts = key.split(separator: "/").map(String.init)
        guard let values = releases[key]?.values, parts.count == 2 else { return }
        let (space, name) = (parts[0], parts[1])
        let app = values[path: ["labels", "app"]]?.string ?? name
        let labels: JSON = [
            "app": .string(app),
            "istio": .string(values[path: ["labels", "istio"]]?.string ?? app),
        ]
        var podLabels = labels
        podLabels["istio.io/rev"] = values["revision"]
        let known = object("Deployment", name, in: space)
        let isFixed = values[path: ["autoscaling", "enabled"]]?.bool == false
        let replicas = isFixed ? values["replicaCount"] ?? 1 : known?.spec["replicas"] ?? 1
        let account = values[path: ["serviceAccount", "name"]]?.string ?? name
        remove("Deployment", name, in: space)
        cluster.append([
            "kind": "Deployment",
            "metadata": [
                "name": .string(name), "namespace": .string(space), "resourceVersion": "1",
                "labels": labels,
                "annotations": known?.metadata["annotations"] ?? ["played": "yes"],
            ],
            "spec": [
                "replicas": replicas, "selector": ["matchLabels": labels],
                "template": [
                    "metadata": [
                        "labels": podLabels,
                        "annotations": ["inject.istio.io/templates": "gateway"],
                    ],
                    "spec": ["serviceAccountName": .string(account)],
                ],
            ],
        ])
    }

    /// Helm removes what its release made, which of a stand-in is no Service.
    mutating func removeGateway(_ key: String) {
        let parts = key.split(separator: "/").map(String.init)
        remove("Deployment", parts[1], in: parts[0])
        if releases[key]?.values[path: ["service", "type"]] != "None" {
            remove("Service", parts[1], in: parts[0])
        }
        releases[key] = nil
    }

    /// Brings the gateways' pods to their Deployments, at once.
    mutating func followGateways() {
        let gateways = cluster.filter {
            $0["kind"] == "Deployment" && $0.annotations["played"] == "yes"
        }
        let names = gateways.map { "\($0.namespace)/\($0.name)" }
        cluster.removeAll { object in
            guard let owner = object.labels["gateway-of"] else { return false }
            return object["kind"] == "Pod" || !names.contains(owner)
        }
        for gateway in gateways { bringPods(to: gateway) }
    }

    private mutating func bringPods(to gateway: JSON) {
        let count = gateway.spec.count("replicas", default: 1)
        let revision = gateway.template.labels["istio.io/rev"] ?? ""
        let mark = "\(gateway.namespace)/\(gateway.name)"
        let replicaSet = "\(gateway.name)-rs"
        remove("ReplicaSet", replicaSet, in: gateway.namespace)
        cluster.append([
            "kind": "ReplicaSet",
            "metadata": [
                "name": .string(replicaSet), "namespace": .string(gateway.namespace),
                "labels": ["gateway-of": .string(mark)],
                "ownerReferences": [
                    ["kind": "Deployment", "name": .string(gateway.name), "controller": true]
                ],
            ],
        ])
        for number in 0..<count {
            var labels = gateway.template.labels
            labels["gateway-of"] = mark
            cluster.append(
                pod("\(replicaSet)-\(revision)-\(number)", of: replicaSet, gateway, labels))
        }
        let number = JSON.int(Int64(count))
        edit("Deployment", gateway.name, in: gateway.namespace) {
            $0["status"] = [
                "observedGeneration": 1, "replicas": number, "updatedReplicas": number,
                "readyReplicas": number, "availableReplicas": number,
            ]
        }
    }

    private func pod(
        _ name: String, of replicaSet: String, _ gateway: JSON, _ labels: [String: String]
    ) -> JSON {
        let revision = gateway.template.labels["istio.io/rev"] ?? ""
        let status: JSON = ["revision": .string(revision)]
        return [
            "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": .string(gateway.namespace),
                "labels": JSON(labels),
                "annotations": ["sidecar.istio.io/status": .string(status.description)],
                "ownerReferences": [
                    ["kind": "ReplicaSet", "name": .string(replicaSet), "controller": true]
                ],
            ],
            "spec": [
                "containers": [
                    [
                        "name": "istio-proxy",
                        "image": .string("example/proxyv2:\(revision.replacing("-", with: "."))"),
                        "args": ["proxy", "router"],
                    ]
                ]
            ],
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
            ],
        ]
    }
}
