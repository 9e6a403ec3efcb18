/// The resource types of what an Istio operator installs.
enum OwnedKinds {
    static let resources = [
        "Deployment": "deployments.apps", "DaemonSet": "daemonsets.apps", "Service": "services",
        "ConfigMap": "configmaps",
        "ServiceAccount": "serviceaccounts",
        "HorizontalPodAutoscaler": "horizontalpodautoscalers.autoscaling",
        "PodDisruptionBudget": "poddisruptionbudgets.policy",
        "ClusterRole": "clusterroles.rbac.authorization.k8s.io",
        "ClusterRoleBinding": "clusterrolebindings.rbac.authorization.k8s.io",
        "Role": "roles.rbac.authorization.k8s.io",
        "RoleBinding": "rolebindings.rbac.authorization.k8s.io",
        "MutatingWebhookConfiguration":
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration":
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
    ]

    static func resource(of kind: String?) -> String? { kind.flatMap { resources[$0] } }
}
