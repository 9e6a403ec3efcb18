/// What a runbook wants of the files: which manifests, and whether there is a management plane.
public struct RunbookForm: Hashable, Sendable {
    /// What a takeover writes under `runbook` to ask for it.
    public let name: String
    public let manifests: [Manifest]
    /// Whether a management plane has to know every cluster by a name of its own.
    public let needsManagement: Bool
    /// Whether the new control plane takes the old one's place, so that both have one revision
    /// and only the version tells them apart.
    public let isInPlace: Bool
    /// Whether a takeover may do so, and says it by one revision for both.
    public let mayBeInPlace: Bool

    /// Whether a takeover has to say which revision and version it leads to.
    public let needsRevision: Bool

    public init(
        _ name: String, manifests: [Manifest] = [], needsManagement: Bool = false,
        isInPlace: Bool = false, mayBeInPlace: Bool = false, needsRevision: Bool = true
    ) {
        self.name = name
        self.manifests = manifests
        self.needsManagement = needsManagement
        self.isInPlace = isInPlace
        self.mayBeInPlace = mayBeInPlace
        self.needsRevision = needsRevision
    }

    /// A file that a takeover names under `manifests`.
    public struct Manifest: Hashable, Sendable {
        public let role: String
        public let isNeeded: Bool
        /// Whether it holds a Kubernetes object, rather than values of a chart.
        public let isObject: Bool

        public init(_ role: String, isNeeded: Bool = false, isObject: Bool = true) {
            self.role = role
            self.isNeeded = isNeeded
            self.isObject = isObject
        }
    }
}
