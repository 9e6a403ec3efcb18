import FleetModel

/// The ready endpoints of every Service, from a cluster's EndpointSlices.
struct Endpoints: Hashable, Sendable {
    private var podsByService: [String: Set<String>] = [:]
    private var readyByService: [String: Int] = [:]

    init(slices: [JSON]) {
        for slice in slices {
            guard let service = slice.labels["kubernetes.io/service-name"] else { continue }
            add(slice.items("endpoints"), to: "\(slice.namespace)/\(service)")
        }
    }

    private mutating func add(_ endpoints: [JSON], to service: String) {
        for endpoint in endpoints where endpoint.isReadyEndpoint {
            readyByService[service, default: 0] += 1
            if let pod = endpoint[path: ["targetRef", "name"]]?.string {
                podsByService[service, default: []].insert(pod)
            }
        }
    }

    /// How many ready endpoints a Service has.
    func ready(_ service: String, in namespace: String) -> Int {
        readyByService["\(namespace)/\(service)"] ?? 0
    }

    /// The names of the ready pods behind a Service, in order.
    func pods(_ service: String, in namespace: String) -> [String] {
        (podsByService["\(namespace)/\(service)"] ?? []).sorted()
    }
}

extension JSON {
    /// A missing `ready` means ready (discovery.k8s.io/v1 EndpointConditions).
    fileprivate var isReadyEndpoint: Bool {
        self[path: ["conditions", "ready"]]?.bool ?? true
    }
}
