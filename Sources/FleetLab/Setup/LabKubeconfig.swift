public import FleetModel

/// A kubeconfig by which kubectl finds clusters of a served lab.
public struct LabKubeconfig: Sendable {
    /// A context, and the cluster it leads to.
    public struct Entry: Hashable, Sendable {
        public var context: String
        public var cluster: String

        public init(context: String, cluster: String) {
            (self.context, self.cluster) = (context, cluster)
        }
    }

    let host: String
    let port: Int
    let entries: [Entry]
    let current: String

    public init(host: String = "127.0.0.1", port: Int, entries: [Entry], current: String = "") {
        (self.host, self.port) = (host, port)
        (self.entries, self.current) = (entries, current)
    }

    /// JSON, which is YAML too.
    public var document: JSON {
        let servers = entries.map { entry -> JSON in
            let address = ClusterAddress(cluster: entry.cluster, host: host, port: port)
            return [
                "name": .string(entry.cluster),
                "cluster": [
                    "server": .string(address.server), "proxy-url": .string(address.proxyURL),
                ],
            ]
        }
        let contexts = entries.map { entry -> JSON in
            [
                "name": .string(entry.context),
                "context": ["cluster": .string(entry.cluster), "user": "lab"],
            ]
        }
        return [
            "apiVersion": "v1", "kind": "Config", "preferences": [:],
            "clusters": .array(servers), "contexts": .array(contexts),
            "users": [["name": "lab", "user": [:]]], "current-context": .string(current),
        ]
    }
}
