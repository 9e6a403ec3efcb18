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
    /// The steps that its author adds to the runbook's, in the order of the file.
    public var ownSteps: [OwnStep]
    /// The run whose takeover is taken back; `nil` for one that goes forward.
    public var rollsBack: RunID?

    public init(
        name: String, runbook: String, revision: Revision, version: String,
        oldRevision: Revision = .unnamed, parameters: [String: JSON] = [:],
        manifests: [String: String] = [:], ownSteps: [OwnStep] = [], rollsBack: RunID? = nil
    ) {
        self.name = name
        self.runbook = runbook
        self.revision = revision
        self.version = version
        self.oldRevision = oldRevision
        self.parameters = parameters
        self.manifests = manifests
        self.ownSteps = ownSteps
        self.rollsBack = rollsBack
    }
}

// MARK: - Codable

extension Takeover {
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            runbook: try values.decode(String.self, forKey: .runbook),
            revision: try values.decode(Revision.self, forKey: .revision),
            version: try values.decode(String.self, forKey: .version),
            oldRevision: try values.decode(Revision.self, forKey: .oldRevision),
            parameters: try values.decode([String: JSON].self, forKey: .parameters),
            manifests: try values.decode([String: String].self, forKey: .manifests),
            ownSteps: try values.decodeIfPresent([OwnStep].self, forKey: .ownSteps) ?? [],
            rollsBack: try values.decodeIfPresent(RunID.self, forKey: .rollsBack))
    }

    /// What is not there is not written down: plans keep the hash they always had.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(runbook, forKey: .runbook)
        try values.encode(revision, forKey: .revision)
        try values.encode(version, forKey: .version)
        try values.encode(oldRevision, forKey: .oldRevision)
        try values.encode(parameters, forKey: .parameters)
        try values.encode(manifests, forKey: .manifests)
        if !ownSteps.isEmpty { try values.encode(ownSteps, forKey: .ownSteps) }
        try values.encodeIfPresent(rollsBack, forKey: .rollsBack)
    }

    private enum CodingKeys: CodingKey {
        case name, runbook, revision, version, oldRevision, parameters, manifests, ownSteps
        case rollsBack
    }
}
