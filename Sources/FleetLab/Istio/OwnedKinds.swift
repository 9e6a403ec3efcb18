/// The resource types of what an Istio operator installs.
enum OwnedKinds {
    static let resources = [
        "Deployment": "deployments.apps", "Service": "services", "ConfigMap": "configmaps",
        "ServiceAccount": "serviceaccounts",
        "HorizontalPodAutoscaler": "horizontalpodautoscalers.autoscaling",
        "PodDisruptionBudget": "poddisruptionbudgets.policy",
        "MutatingWebhookConfiguration":
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration":
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
    ]

    static func resource(of kind: String?) -> String? { kind.flatMap { resources[$0] } }
}
