/// Where a kubeconfig finds a cluster of the lab.
///
/// All clusters share one port, and have to be told apart by something that every
/// kubectl command sends. A path prefix isn't: `get --raw` drops it. A token isn't:
/// kubectl sends none without TLS. A host name is, and a `proxy-url` (kubectl 1.19 and
/// later) spares it the lookup: requests for `http://edge-01.lab/…` come to the lab as
/// to a proxy.
public struct ClusterAddress: Hashable, Sendable {
    static let domain = ".lab"

    public var cluster: String
    /// The lab's own host and port.
    public var host: String
    public var port: Int

    public init(cluster: String, host: String = "127.0.0.1", port: Int) {
        self.cluster = cluster
        self.host = host
        self.port = port
    }

    /// The `server` of the kubeconfig's cluster.
    public var server: String { "http://\(cluster)\(Self.domain)" }
    /// The `proxy-url` of the kubeconfig's cluster.
    public var proxyURL: String { "http://\(host):\(port)" }
}
