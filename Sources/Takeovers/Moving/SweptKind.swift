import FleetModel

/// A kind of object that belongs to a control plane.
struct SweptKind: Hashable, Sendable {
    let resource: String
    /// Where it is served, newest first: a server that lacks the first may have the second.
    private let groups: [String]
    let namespace: String?

    /// In the order they go: callers before what they call.
    static let all: [SweptKind] = [
        SweptKind(
            "mutatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind(
            "validatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind("horizontalpodautoscalers", "autoscaling/v1"),
        SweptKind("poddisruptionbudgets", "policy/v1", "policy/v1beta1"),
        SweptKind("deployments", "apps/v1"),
        SweptKind("services", ""),
        SweptKind("configmaps", ""),
        SweptKind("rolebindings", "rbac.authorization.k8s.io/v1"),
        SweptKind("roles", "rbac.authorization.k8s.io/v1"),
        SweptKind("serviceaccounts", ""),
        SweptKind("clusterrolebindings", "rbac.authorization.k8s.io/v1", namespace: nil),
        SweptKind("clusterroles", "rbac.authorization.k8s.io/v1", namespace: nil),
    ]

    private init(_ resource: String, _ groups: String..., namespace: String? = "istio-system") {
        self.resource = resource
        self.groups = groups
        self.namespace = namespace
    }

    /// The lists to look for it in, in the order to try them.
    func paths(_ revision: Revision) -> [String] {
        let scope = namespace.map { "/namespaces/\($0)" } ?? ""
        return groups.map { group in
            let base = group.isEmpty ? "/api/v1" : "/apis/\(group)"
            return APIPath.list("\(base)\(scope)/\(resource)", labels: "istio.io/rev=\(revision)")
        }
    }
}
