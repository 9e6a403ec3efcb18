public import FleetModel

/// What the preflight found out about one cluster.
public struct PreflightReport: Hashable, Sendable {
    public let cluster: ClusterName
    public let findings: [Finding]
    /// Why the cluster could not be asked, if it could not.
    public let trouble: String?

    public init(cluster: ClusterName, findings: [Finding] = [], trouble: String? = nil) {
        (self.cluster, self.findings, self.trouble) = (cluster, findings, trouble)
    }

    /// Whether a run would touch the cluster.
    public var isReady: Bool {
        trouble == nil && !findings.contains { $0.severity == .block }
    }

    func worst(of check: PreflightCheck) -> Finding.Severity? {
        findings.filter { $0.check == check.number }.map(\.severity).max()
    }
}
