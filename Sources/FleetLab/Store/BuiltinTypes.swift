/// The kinds an API server has without any CustomResourceDefinition.
enum BuiltinTypes {
    static let all: [ResourceType] =
        core + apps + batch + autoscaling + policy + networking + registration + access + storage

    private static let core: [ResourceType] = [
        ResourceType(plural: "configmaps", kind: "ConfigMap", shortNames: ["cm"]),
        ResourceType(plural: "endpoints", kind: "Endpoints", shortNames: ["ep"]),
        ResourceType(plural: "events", kind: "Event", shortNames: ["ev"]),
        ResourceType(plural: "limitranges", kind: "LimitRange", shortNames: ["limits"]),
        ResourceType(
            plural: "namespaces", kind: "Namespace", shortNames: ["ns"], isNamespaced: false,
            subresources: [.status, .finalize]),
        ResourceType(
            plural: "nodes", kind: "Node", shortNames: ["no"], isNamespaced: false,
            subresources: [.status]),
        ResourceType(
            plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim", shortNames: ["pvc"],
            subresources: [.status]),
        ResourceType(
            plural: "persistentvolumes", kind: "PersistentVolume", shortNames: ["pv"],
            isNamespaced: false, subresources: [.status]),
        ResourceType(
            plural: "pods", kind: "Pod", shortNames: ["po"], categories: ["all"],
            subresources: [
                .status, .eviction, .log, .exec, .attach, .portforward, .binding,
                .ephemeralcontainers,
            ]),
        ResourceType(
            plural: "replicationcontrollers", kind: "ReplicationController", shortNames: ["rc"],
            categories: ["all"], subresources: [.status, .scale], hasGeneration: true),
        ResourceType(
            plural: "resourcequotas", kind: "ResourceQuota", shortNames: ["quota"],
            subresources: [.status]),
        ResourceType(plural: "secrets", kind: "Secret"),
        ResourceType(plural: "serviceaccounts", kind: "ServiceAccount", shortNames: ["sa"]),
        ResourceType(
            plural: "services", kind: "Service", shortNames: ["svc"], categories: ["all"],
            subresources: [.status]),
    ]

    private static let apps: [ResourceType] = [
        ResourceType(group: "apps", plural: "controllerrevisions", kind: "ControllerRevision"),
        ResourceType(
            group: "apps", plural: "daemonsets", kind: "DaemonSet", shortNames: ["ds"],
            categories: ["all"], subresources: [.status], hasGeneration: true),
        ResourceType(
            group: "apps", plural: "deployments", kind: "Deployment", shortNames: ["deploy"],
            categories: ["all"], subresources: [.status, .scale], hasGeneration: true),
        ResourceType(
            group: "apps", plural: "replicasets", kind: "ReplicaSet", shortNames: ["rs"],
            categories: ["all"], subresources: [.status, .scale], hasGeneration: true),
        ResourceType(
            group: "apps", plural: "statefulsets", kind: "StatefulSet", shortNames: ["sts"],
            categories: ["all"], subresources: [.status, .scale], hasGeneration: true),
    ]

    private static let batch: [ResourceType] = [
        ResourceType(
            group: "batch", also: ["v1beta1"], plural: "cronjobs", kind: "CronJob",
            shortNames: ["cj"], categories: ["all"], subresources: [.status], hasGeneration: true),
        ResourceType(
            group: "batch", plural: "jobs", kind: "Job", categories: ["all"],
            subresources: [.status], hasGeneration: true),
    ]

    private static let autoscaling: [ResourceType] = [
        ResourceType(
            group: "autoscaling", version: "v2", also: ["v1"], plural: "horizontalpodautoscalers",
            kind: "HorizontalPodAutoscaler", shortNames: ["hpa"], categories: ["all"],
            subresources: [.status])
    ]

    private static let policy: [ResourceType] = [
        ResourceType(
            group: "policy", also: ["v1beta1"], plural: "poddisruptionbudgets",
            kind: "PodDisruptionBudget", shortNames: ["pdb"], subresources: [.status],
            hasGeneration: true)
    ]

    private static let networking: [ResourceType] = [
        ResourceType(
            group: "discovery.k8s.io", also: ["v1beta1"], plural: "endpointslices",
            kind: "EndpointSlice", hasGeneration: true),
        ResourceType(
            group: "networking.k8s.io", plural: "ingresses", kind: "Ingress", shortNames: ["ing"],
            subresources: [.status], hasGeneration: true),
        ResourceType(
            group: "networking.k8s.io", plural: "networkpolicies", kind: "NetworkPolicy",
            shortNames: ["netpol"], hasGeneration: true),
    ]

    private static let registration: [ResourceType] = [
        ResourceType(
            group: "admissionregistration.k8s.io", plural: "mutatingwebhookconfigurations",
            kind: "MutatingWebhookConfiguration", categories: ["api-extensions"],
            isNamespaced: false, hasGeneration: true),
        ResourceType(
            group: "admissionregistration.k8s.io", plural: "validatingwebhookconfigurations",
            kind: "ValidatingWebhookConfiguration", categories: ["api-extensions"],
            isNamespaced: false, hasGeneration: true),
        ResourceType(
            group: "apiextensions.k8s.io", plural: "customresourcedefinitions",
            kind: "CustomResourceDefinition", shortNames: ["crd", "crds"],
            categories: ["api-extensions"], isNamespaced: false, subresources: [.status],
            hasGeneration: true),
        ResourceType(group: "coordination.k8s.io", plural: "leases", kind: "Lease"),
    ]

    private static let access: [ResourceType] = [
        ResourceType(
            group: "rbac.authorization.k8s.io", plural: "clusterrolebindings",
            kind: "ClusterRoleBinding", isNamespaced: false),
        ResourceType(
            group: "rbac.authorization.k8s.io", plural: "clusterroles", kind: "ClusterRole",
            isNamespaced: false),
        ResourceType(
            group: "rbac.authorization.k8s.io", plural: "rolebindings", kind: "RoleBinding"),
        ResourceType(group: "rbac.authorization.k8s.io", plural: "roles", kind: "Role"),
        ResourceType(
            group: "authorization.k8s.io", plural: "selfsubjectaccessreviews",
            kind: "SelfSubjectAccessReview", isNamespaced: false, verbs: ["create"]),
        ResourceType(
            group: "authorization.k8s.io", plural: "selfsubjectrulesreviews",
            kind: "SelfSubjectRulesReview", isNamespaced: false, verbs: ["create"]),
    ]

    private static let storage: [ResourceType] = [
        ResourceType(
            group: "scheduling.k8s.io", plural: "priorityclasses", kind: "PriorityClass",
            shortNames: ["pc"], isNamespaced: false),
        ResourceType(
            group: "storage.k8s.io", plural: "storageclasses", kind: "StorageClass",
            shortNames: ["sc"], isNamespaced: false),
    ]
}
