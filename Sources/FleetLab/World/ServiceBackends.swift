import FleetModel

/// A Service and the pods it selects.
struct ServiceBackends: Sendable {
    let service: JSON
    let pods: [JSON]

    var slice: JSON {
        var slice = Manifest.make(
            "discovery.k8s.io/v1", "EndpointSlice",
            "\(service.name)-\(Chance.letters(5, of: service.uid))", in: service.namespace,
            labels: service.labels.merging([
                EndpointsController.serviceLabel: service.name,
                "endpointslice.kubernetes.io/managed-by":
                    "endpointslice-controller.k8s.io",
            ]) { $1 },
            [
                "addressType": "IPv4", "ports": .array(ports),
                "endpoints": .array(pods.map(endpoint)),
            ])
        slice[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: service)]
        return slice
    }

    var endpoints: JSON {
        var endpoints = Manifest.make(
            "v1", "Endpoints", service.name, in: service.namespace, labels: service.labels)
        let ready = pods.filter(isServing).map(address)
        let others = pods.filter { !isServing($0) && !$0.isTerminating }.map(address)
        guard !ready.isEmpty || !others.isEmpty else { return endpoints }
        var subset: JSON = ["ports": .array(ports)]
        if !ready.isEmpty { subset["addresses"] = .array(ready) }
        if !others.isEmpty { subset["notReadyAddresses"] = .array(others) }
        endpoints["subsets"] = [subset]
        return endpoints
    }

    private var ports: [JSON] {
        (service[path: ["spec", "ports"]]?.array ?? []).map { port in
            let target = port["targetPort"]?.int ?? port["port"]?.int ?? 0
            return [
                "name": port["name"] ?? "", "port": .int(Int64(target)),
                "protocol": port["protocol"] ?? "TCP",
            ]
        }
    }

    private func isServing(_ pod: JSON) -> Bool { pod.isReady && !pod.isTerminating }

    private func endpoint(_ pod: JSON) -> JSON {
        [
            "addresses": [pod[path: ["status", "podIP"]] ?? ""],
            "conditions": [
                "ready": .bool(isServing(pod)), "serving": .bool(pod.isReady),
                "terminating": .bool(pod.isTerminating),
            ],
            "nodeName": pod[path: ["spec", "nodeName"]] ?? "", "targetRef": reference(to: pod),
        ]
    }

    private func address(_ pod: JSON) -> JSON {
        [
            "ip": pod[path: ["status", "podIP"]] ?? "",
            "nodeName": pod[path: ["spec", "nodeName"]] ?? "", "targetRef": reference(to: pod),
        ]
    }

    private func reference(to pod: JSON) -> JSON {
        [
            "kind": "Pod", "name": .string(pod.name), "namespace": .string(pod.namespace),
            "uid": .string(pod.uid),
        ]
    }
}
