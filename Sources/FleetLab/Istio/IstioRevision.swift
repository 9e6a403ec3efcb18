import FleetModel

/// An Istio control plane as its operator's resource describes it.
///
/// Names, labels and selectors of what it consists of are those of the charts
/// of Istio 1.14. An unrevisioned one calls itself `default` in labels and leaves
/// the revision out of names.
struct IstioRevision: Hashable, Sendable {
    static let unrevisioned = "default"
    static let space = "istio-system"

    var name: String
    var hub: String
    var tag: String
    /// The `IstioOperator` it belongs to.
    var owner: IstioOwner
    var cluster: String
    var trustDomain = "cluster.local"
    var holdsApplication = false
    /// Whether its sidecars are init containers that go on running; the default from 1.27 on.
    var isNative = false
    var environment: [JSON] = []

    var isUnrevisioned: Bool { name == Self.unrevisioned }
    var address: String { "\(named("istiod")).\(Self.space).svc:15012" }

    /// `istiod` or `istiod-1-15`.
    func named(_ base: String) -> String { Self.named(base, name) }

    static func named(_ base: String, _ revision: String) -> String {
        revision == unrevisioned || revision.isEmpty ? base : "\(base)-\(revision)"
    }
}
