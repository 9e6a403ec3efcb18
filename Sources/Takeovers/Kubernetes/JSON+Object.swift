import FleetModel

/// What every Kubernetes object has.
extension JSON {
    var metadata: JSON { self["metadata"] ?? .null }
    var spec: JSON { self["spec"] ?? .null }
    var status: JSON { self["status"] ?? .null }

    var name: String { metadata["name"]?.string ?? "" }
    var namespace: String { metadata["namespace"]?.string ?? "" }
    var uid: String { metadata["uid"]?.string ?? "" }
    var resourceVersion: String { metadata["resourceVersion"]?.string ?? "" }
    var labels: [String: String] { metadata["labels"]?.strings ?? [:] }
    var annotations: [String: String] { metadata["annotations"]?.strings ?? [:] }

    /// `namespace/name`, or the name alone for what has no namespace.
    var qualifiedName: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// Whether the object is on its way out, held by finalizers or a grace period.
    var isTerminating: Bool { !(metadata["deletionTimestamp"] ?? .null).isNull }

    /// The items under a key, none when there are none.
    func items(_ key: String) -> [JSON] { self[key]?.array ?? [] }

    /// The status of a condition, such as `True`.
    func condition(_ type: String) -> JSON? {
        status.items("conditions").first { $0["type"]?.string == type }
    }

    /// The Helm release that made it, by Helm's own mark.
    var helmRelease: String? { annotations["meta.helm.sh/release-name"] }

    /// What a workload's pods are made from.
    var template: JSON { spec["template"] ?? .null }
}

/// What a Service tells of its load balancer.
extension JSON {
    /// The address a load balancer gave a Service: an IP or a host name.
    var loadBalancerAddress: String? { allAddresses.first }

    /// All of them.
    var loadBalancerAddresses: Set<String> { Set(allAddresses) }

    private var allAddresses: [String] {
        let addresses = status[path: ["loadBalancer", "ingress"]]?.array ?? []
        return addresses.compactMap { $0["ip"]?.nonEmpty ?? $0["hostname"]?.nonEmpty }
    }
}
