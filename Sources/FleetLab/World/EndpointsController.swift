import FleetModel

/// Lists the pods behind each Service, in an Endpoints and in an EndpointSlice.
struct EndpointsController: Controller {
    private static let slices = "endpointslices.discovery.k8s.io"
    static let serviceLabel = "kubernetes.io/service-name"

    let watches: Set<String> = [
        "services", "pods", "endpoints", "endpointslices.discovery.k8s.io",
    ]

    func reconcile(_ scene: inout Scene) {
        let pods = Dictionary(grouping: scene.list("pods")) { $0.namespace }
        for service in scene.list("services") where !service.isTerminating {
            let selector = service[path: ["spec", "selector"]]?.strings ?? [:]
            guard !selector.isEmpty else { continue }
            let chosen = (pods[service.namespace] ?? []).filter { pod in
                !pod.isFinished && pod[path: ["status", "podIP"]] != nil
                    && selector.allSatisfy { pod.labels[$0.key] == $0.value }
            }
            let backends = ServiceBackends(service: service, pods: chosen)
            write(backends.slice, Self.slices, &scene)
            write(backends.endpoints, "endpoints", &scene)
        }
    }

    private func write(_ wanted: JSON, _ resource: String, _ scene: inout Scene) {
        let key = ObjectKey(resource, namespace: wanted.namespace, name: wanted.name)
        guard let known = scene.store.get(key) else {
            scene.create(resource, wanted)
            return
        }
        let fields = ["endpoints", "ports", "subsets"]
        guard fields.contains(where: { known[$0] != wanted[$0] }) else { return }
        scene.update(key) { object in
            for field in fields { object[field] = wanted[field] }
        }
    }
}
