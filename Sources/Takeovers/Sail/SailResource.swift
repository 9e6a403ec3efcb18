import FleetModel

/// A resource of the sail operator: `Istio`, `IstioRevision` or `IstioRevisionTag`.
///
/// All three belong to the whole cluster and say in the same way how they are
/// (sail-operator, `api/v1`).
struct SailResource: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    static let istios = "istios.sailoperator.io"
    static let tags = "istiorevisiontags.sailoperator.io"

    static func istioPath(_ name: String) -> String { path("istios") + "/\(name)" }
    static func revisionPath(_ revision: Revision) -> String {
        path("istiorevisions") + "/\(revision)"
    }
    static let tagsPath = APIPath.list(path("istiorevisiontags"))
    static let istiosPath = APIPath.list(path("istios"))
    static let revisionsPath = APIPath.list(path("istiorevisions"))

    private static func path(_ plural: String) -> String { "/apis/sailoperator.io/v1/\(plural)" }

    var name: String { object.name }
    var version: String? { object.spec["version"]?.nonEmpty }
    var activeRevision: Revision? {
        object.status["activeRevisionName"]?.nonEmpty.map(Revision.init)
    }

    /// Whether it makes a control plane of its own for each version.
    var isRevisionBased: Bool {
        object.spec[path: ["updateStrategy", "type"]]?.string == "RevisionBased"
    }

    /// Whether the operator moves namespaces and workloads by itself.
    var updatesWorkloads: Bool {
        object.spec[path: ["updateStrategy", "updateWorkloads"]]?.bool == true
    }

    /// How long a revision stays that nothing uses; the operator's own word where nothing is
    /// said, and never less than thirty seconds.
    var gracePeriod: Duration { .seconds(min(max(wantedGracePeriod ?? 30, 30), 7 * 86_400)) }

    /// The same in seconds as it is written there; `nil` when it isn't.
    var wantedGracePeriod: Int? {
        object.spec[path: ["updateStrategy", "inactiveRevisionDeletionGracePeriodSeconds"]]?.int
    }

    /// What keeps it from being well; `nil` when it is, as it is written now.
    var complaint: String? {
        guard isObserved else { return "its operator has not seen the change yet" }
        guard let state = object.status["state"]?.nonEmpty else {
            return "its operator has not looked at it yet"
        }
        guard state != "Healthy" else { return nil }
        let conditions = object.status.items("conditions")
        let message = conditions.lazy.filter { $0["status"]?.string != "True" }
            .compactMap { $0["message"]?.nonEmpty }.first
        return message.map { "\(state): \($0)" } ?? state
    }

    private var isObserved: Bool {
        let generation = object.metadata["generation"]?.int ?? 0
        return (object.status["observedGeneration"]?.int ?? -1) >= generation
    }

    /// Whether something refers to the revision, as far as the operator knows.
    var isInUse: Bool { object.condition("InUse")?["status"]?.string != "False" }

    // MARK: Tags

    /// What a tag points to, by the kind and the name.
    var target: (kind: String, name: String) {
        let reference = object.spec["targetRef"] ?? .null
        return (reference["kind"]?.string ?? "", reference["name"]?.string ?? "")
    }

    /// The revision that a tag was last led to.
    var taggedRevision: Revision? { object.status["istioRevision"]?.nonEmpty.map(Revision.init) }
}
