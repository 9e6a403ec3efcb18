/// The `IstioOperator` resource that an object was rendered from.
///
/// The operator finds what it has to prune by these labels.
struct IstioOwner: Hashable, Sendable {
    var name: String
    var namespace: String

    static let nameLabel = "install.operator.istio.io/owning-resource"
    static let namespaceLabel = "install.operator.istio.io/owning-resource-namespace"

    func labels(component: String, revision: String) -> [String: String] {
        [
            Self.nameLabel: name, Self.namespaceLabel: namespace,
            "operator.istio.io/component": component, "operator.istio.io/managed": "Reconcile",
            "operator.istio.io/version": "unknown", "istio.io/rev": revision, "release": "istio",
        ]
    }

    func owns(_ labels: [String: String]) -> Bool {
        labels[Self.nameLabel] == name && labels[Self.namespaceLabel] == namespace
    }
}
