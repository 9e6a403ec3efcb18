/// A check of the preflight that somebody has answered for on a cluster.
public struct WaivedCheck: Hashable, Sendable, Codable {
    public let cluster: ClusterName
    /// The number of a ``PreflightCheck``.
    public let check: String
    public let reason: String
    /// What it found when it was last asked in a run; `nil` while that is nothing.
    public var found: String?

    public init(
        _ check: String, on cluster: ClusterName, because reason: String, found: String? = nil
    ) {
        (self.cluster, self.check, self.reason) = (cluster, check, reason)
        self.found = found
    }
}

extension Plan {
    /// In the plan's order, and on each cluster by number.
    public var waivedChecks: [WaivedCheck] { clusters.flatMap(\.waivedChecks) }
}

extension Cluster {
    public var waivedChecks: [WaivedCheck] {
        (waivers ?? [:]).sorted { $0.key < $1.key }
            .map { WaivedCheck($0.key, on: name, because: $0.value) }
    }
}
