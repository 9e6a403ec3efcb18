import FleetModel

/// What one istiod says of the proxies connected to it: `/debug/syncz`.
///
/// It knows what the API server does not: proxies on virtual machines, proxies of
/// other clusters, and versions of images pinned by digest. The proxies of a revision
/// are the sum over its replicas.
struct SyncReport: Hashable, Sendable {
    let connections: [Connection]
    /// Entries that say no name: proxies there are, of which nothing is known.
    let nameless: Int

    struct Connection: Hashable, Sendable {
        let pod: String
        let namespace: String
        let cluster: String?
        /// `sidecar`, `router` and so on; istiod 1.20 and later say it.
        let kind: String?
        /// The proxy's own version.
        let version: String?
        /// Types that were sent and that the proxy has not acknowledged as sent.
        let unacknowledged: [String]
    }

    /// Reads the answer; `nil` when it is no list, which is not an empty one.
    init?(_ answer: JSON) {
        guard let entries = answer.array else { return nil }
        connections = entries.compactMap(Connection.init)
        nameless = entries.count - connections.count
    }

    /// The proxies of several replicas together, each once: one that moves from one to
    /// another may show on both.
    static func all(of reports: [SyncReport]) -> [Connection] {
        var seen: Set<String> = []
        return reports.flatMap(\.connections).filter {
            seen.insert("\($0.cluster ?? "")/\($0.namespace)/\($0.pod)").inserted
        }
    }
}

extension SyncReport.Connection {
    fileprivate init?(_ entry: JSON) {
        guard let name = entry["proxy"]?.nonEmpty else { return nil }
        (pod, namespace) = proxyName(name)
        cluster = entry["cluster_id"]?.nonEmpty
        kind = entry["proxy_type"]?.nonEmpty
        version = entry["istio_version"]?.nonEmpty ?? entry["proxy_version"]?.nonEmpty
        unacknowledged = types.filter { type in
            guard let sent = entry["\(type)_sent"]?.nonEmpty else { return false }
            return entry["\(type)_acked"]?.string != sent
        }
    }
}

/// The types as their fields are called (Istio, `pilot/pkg/xds/debug.go`).
private let types = ["cluster", "listener", "route", "endpoint", "extensionconfig"]
