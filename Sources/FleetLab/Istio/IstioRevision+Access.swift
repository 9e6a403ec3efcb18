import FleetModel

/// What lets a control plane do its work.
extension IstioRevision {
    private static let group = "rbac.authorization.k8s.io"

    /// The roles and their bindings, in the order an operator applies them.
    var access: [JSON] {
        clusterRoleNames.flatMap { [clusterRole($0), binding("ClusterRole", $0, in: nil)] }
            + [role, binding("Role", named("istiod"), in: Self.space)]
            + (isUnrevisioned ? reader : [])
    }

    /// What control planes of other clusters read this one with.
    private var reader: [JSON] {
        let (account, role) = ("istio-reader-service-account", "istio-reader-clusterrole")
        return [
            Manifest.serviceAccount(account, in: Self.space, labels: labels),
            clusterRole("\(role)-\(Self.space)"),
            binding("ClusterRole", "\(role)-\(Self.space)", in: nil, to: account),
        ]
    }

    private var clusterRoleNames: [String] {
        ["istiod-clusterrole", "istiod-gateway-controller"].map {
            "\(named($0))-\(Self.space)"
        }
    }

    private func clusterRole(_ name: String) -> JSON {
        Manifest.make(
            "\(Self.group)/v1", "ClusterRole", name, labels: labels, ["rules": .array(Self.rules)])
    }

    private var role: JSON {
        Manifest.make(
            "\(Self.group)/v1", "Role", named("istiod"), in: Self.space, labels: labels,
            ["rules": .array(Self.rules)])
    }

    private func binding(
        _ kind: String, _ name: String, in space: String?, to account: String? = nil
    ) -> JSON {
        Manifest.make(
            "\(Self.group)/v1", "\(kind)Binding", name, in: space, labels: labels,
            [
                "roleRef": [
                    "apiGroup": .string(Self.group), "kind": .string(kind), "name": .string(name),
                ],
                "subjects": [
                    [
                        "kind": "ServiceAccount",
                        "name": .string(account ?? named("istiod")),
                        "namespace": .string(Self.space),
                    ]
                ],
            ])
    }

    /// The lab doesn't check rights, so one rule stands for all.
    private static let rules: [JSON] = [
        ["apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch", "update"]]
    ]
}
