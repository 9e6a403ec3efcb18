/// The move of each cluster from its old Istio to the new revision.
public struct Takeover: Hashable, Sendable, Codable {
    public var name: String
    /// Which ordered steps to take: `gloo`, `bigbang`.
    public var runbook: String
    public var revision: Revision
    /// Image tag of the new control plane and its proxies, such as `1.25.3-solo`.
    public var version: String
    public var oldRevision: Revision
    /// Settings of the runbook, by name. Each runbook knows and checks its own.
    public var parameters: [String: JSON]
    /// Manifests the runbook applies, by role: the text of each file, read at plan time.
    public var manifests: [String: String]

    public init(
        name: String, runbook: String, revision: Revision, version: String,
        oldRevision: Revision = .unnamed, parameters: [String: JSON] = [:],
        manifests: [String: String] = [:]
    ) {
        self.name = name
        self.runbook = runbook
        self.revision = revision
        self.version = version
        self.oldRevision = oldRevision
        self.parameters = parameters
        self.manifests = manifests
    }
}
