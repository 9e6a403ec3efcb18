import FleetModel

/// A workload of the simulated fleet's users.
struct LabWorkload: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case deployment(replicas: Int)
        case statefulSet(replicas: Int)
        case daemonSet
        /// Which replace their pods only when those are deleted.
        case manualStatefulSet(replicas: Int)
        case manualDaemonSet
        case replicaSet(replicas: Int)
        case replicationController(replicas: Int)
        /// Argo's.
        case rollout(replicas: Int)
        case barePod
        /// With one Job of last night that has ended.
        case cronJob
    }

    var name: String
    var kind: Kind
    var version = "1.0"
    /// Labels of its pods beside `app`.
    var podLabels: [String: String] = [:]
    var hasDisruptionBudget = false

    private var labels: [String: String] { ["app": name] }

    /// The resource type of its workload.
    var resource: String {
        switch kind {
        case .deployment: "deployments.apps"
        case .statefulSet, .manualStatefulSet: "statefulsets.apps"
        case .daemonSet, .manualDaemonSet: "daemonsets.apps"
        case .replicaSet: "replicasets.apps"
        case .replicationController: "replicationcontrollers"
        case .rollout: ArgoRollout.resource
        case .barePod: "pods"
        case .cronJob: "cronjobs.batch"
        }
    }

    func workload(in space: String) -> JSON {
        switch kind {
        case .deployment(let replicas):
            make("apps/v1", "Deployment", in: space, ["replicas": .int(Int64(replicas))])
        case .statefulSet(let replicas), .manualStatefulSet(let replicas):
            make(
                "apps/v1", "StatefulSet", in: space,
                strategy.merging([
                    "replicas": .int(Int64(replicas)), "serviceName": .string(name),
                ]) { $1 })
        case .daemonSet, .manualDaemonSet: make("apps/v1", "DaemonSet", in: space, strategy)
        case .replicaSet(let replicas):
            make("apps/v1", "ReplicaSet", in: space, ["replicas": .int(Int64(replicas))])
        case .replicationController(let replicas):
            make("v1", "ReplicationController", in: space, ["replicas": .int(Int64(replicas))])
        case .rollout(let replicas):
            make(
                "argoproj.io/v1alpha1", "Rollout", in: space,
                ["replicas": .int(Int64(replicas)), "strategy": ["canary": ["steps": []]]])
        case .barePod:
            Manifest.make("v1", "Pod", name, in: space, labels: podMetadata, ["spec": podSpec])
        case .cronJob: cronJob(in: space)
        }
    }

    func serviceAccount(in space: String) -> JSON {
        Manifest.serviceAccount(name, in: space, labels: labels)
    }

    /// The Service in front of it, where something serves.
    func service(in space: String) -> JSON? {
        switch kind {
        case .daemonSet, .manualDaemonSet, .barePod, .cronJob: return nil
        default: break
        }
        return Manifest.make(
            "v1", "Service", name, in: space, labels: labels,
            [
                "spec": [
                    "type": "ClusterIP", "selector": JSON(labels),
                    "ports": [
                        ["name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"]
                    ],
                ]
            ])
    }

    func disruptionBudget(in space: String) -> JSON? {
        guard hasDisruptionBudget else { return nil }
        return Manifest.make(
            "policy/v1", "PodDisruptionBudget", name, in: space, labels: labels,
            ["spec": ["minAvailable": 1, "selector": ["matchLabels": JSON(labels)]]])
    }

    /// Last night's run of a CronJob, which its proxy was told of in time.
    func job(of cronJob: JSON) -> JSON? {
        guard case .cronJob = kind else { return nil }
        var job = Manifest.make(
            "batch/v1", "Job", "\(name)-29180520", in: cronJob.namespace, labels: labels,
            ["spec": ["template": jobTemplate]])
        job[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: cronJob)]
        return job
    }

    // MARK: - Parts

    var podMetadata: [String: String] { labels.merging(podLabels) { $1 } }

    var podSpec: JSON {
        [
            "serviceAccountName": .string(name),
            "containers": [
                [
                    "name": .string(name),
                    "image": .string("registry.example/\(name):\(version)"),
                    "ports": [["containerPort": 8080, "protocol": "TCP"]],
                ]
            ],
        ]
    }

    private var strategy: [String: JSON] {
        switch kind {
        case .manualStatefulSet, .manualDaemonSet: ["updateStrategy": ["type": "OnDelete"]]
        default: [:]
        }
    }

    private func make(
        _ version: String, _ kind: String, in space: String, _ extra: [String: JSON]
    ) -> JSON {
        var spec = extra
        // What a ReplicationController selects it says without ado.
        let isPlain = kind == "ReplicationController"
        spec["selector"] = isPlain ? JSON(labels) : ["matchLabels": JSON(labels)]
        spec["template"] = ["metadata": ["labels": JSON(podMetadata)], "spec": podSpec]
        return Manifest.make(
            version, kind, name, in: space, labels: labels, ["spec": .object(spec)])
    }

    private var jobTemplate: JSON {
        var spec = podSpec
        spec["restartPolicy"] = "Never"
        let command = "report && curl -fsS -X POST http://localhost:15020/quitquitquit"
        spec["containers"] = [
            [
                "name": .string(name), "image": .string("registry.example/\(name):\(version)"),
                "command": ["sh", "-c", .string(command)],
            ]
        ]
        return ["metadata": ["labels": JSON(podMetadata)], "spec": spec]
    }

    private func cronJob(in space: String) -> JSON {
        Manifest.make(
            "batch/v1", "CronJob", name, in: space, labels: labels,
            [
                "spec": [
                    "schedule": "0 2 * * *", "concurrencyPolicy": "Forbid",
                    "jobTemplate": ["spec": ["template": jobTemplate]],
                ]
            ])
    }
}
