import FleetModel

/// The parameters of the sail runbook alone, read, and what follows from them.
struct SailSettings: Hashable, Sendable {
    private let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    /// The Istio resource that is led to the new version.
    var istio: String { takeover.parameters[SailParameter.istio.rawValue]?.nonEmpty ?? "default" }

    /// Whether namespaces that name the old revision are given the new one's name.
    var relabelsNamespaces: Bool {
        takeover.parameters[SailParameter.namespaces.rawValue]?.string == "relabel"
    }

    /// The version as the operator writes it.
    var version: String { "v\(takeover.version)" }

    /// Whether the operator changes the one control plane there is, rather than making another.
    var isInPlace: Bool { takeover.revision == takeover.oldRevision }

    /// What the operator will call the new control plane (sail-operator, `getActiveRevisionName`).
    var revision: Revision {
        isInPlace
            ? Revision(istio)
            : Revision("\(istio)-" + version.map { $0 == "." ? "-" : String($0) }.joined())
    }
}
