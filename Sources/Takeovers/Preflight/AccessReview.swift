import FleetModel

/// Asks the API servers whether we may do what the steps will do.
struct AccessReview: Sendable {
    let questions: [Question]

    var readings: [Reading] { questions.map(\.reading) }

    func asking(_ more: [Question]) -> AccessReview { AccessReview(questions: questions + more) }

    /// What we may not do, in words; a server that will not say is taken to allow it,
    /// and the command itself will tell.
    func denied(_ view: ClusterView) throws(Pause) -> [String] {
        try view.require(readings)
        var denied: [String] = []
        for question in questions {
            guard case .found(let review) = try view.result(of: question.reading) else { continue }
            if review.status["allowed"]?.bool == false { denied.append(question.words) }
        }
        return denied
    }

    /// One right that the steps need.
    struct Question: Sendable {
        let words: String
        let reading: Reading

        /// A subresource follows its resource after a slash: `pods/eviction`.
        init(
            _ verb: String, _ resource: String, _ group: String = "", on target: Target = .cluster,
            by kubectl: Kubectl
        ) {
            let parts = resource.split(separator: "/").map(String.init)
            var attributes: JSON = [
                "verb": .string(verb), "resource": .string(parts[0]), "group": .string(group),
            ]
            if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
            let review: JSON = [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                "spec": ["resourceAttributes": attributes],
            ]
            words = "\(verb) \(resource)"
            let command = kubectl.ask(
                ["create", "--validate=false", "-o", "json", "-f", "-"], stdin: review.description,
                purpose: "ask whether we may \(words)")
            reading = .command(command, on: target)
        }
    }
}

extension Move {
    /// What every takeover does in a cluster.
    var rights: [AccessReview.Question] {
        let admission = "admissionregistration.k8s.io"
        return [
            AccessReview.Question("patch", "deployments", "apps", by: kubectl),
            AccessReview.Question("create", "pods", by: kubectl),
            AccessReview.Question(
                "patch", "mutatingwebhookconfigurations", admission, by: kubectl),
            AccessReview.Question("create", "leases", "coordination.k8s.io", by: kubectl),
            AccessReview.Question(
                "list", "customresourcedefinitions", "apiextensions.k8s.io", by: kubectl),
        ]
    }

    /// What only some kinds of workloads need to be restarted.
    func rights(toRestart workloads: [Workload]) -> [AccessReview.Question] {
        let eviction = AccessReview.Question("create", "pods/eviction", by: kubectl)
        let kinds = Set(workloads.map(\.owner.kind))
        return (workloads.contains { RestartWay(of: $0).evicts } ? [eviction] : [])
            + restartRights.filter { kinds.contains($0.kind) }.map {
                AccessReview.Question($0.verb, $0.resource, $0.group, by: kubectl)
            }
    }
}

/// By what a workload is restarted whose kind not every cluster has. `oc rollout latest` creates
/// an instance.
private let restartRights: [(kind: String, verb: String, resource: String, group: String)] = [
    ("StatefulSet", "patch", "statefulsets", "apps"),
    ("DaemonSet", "patch", "daemonsets", "apps"),
    ("Rollout", "patch", "rollouts", "argoproj.io"),
    ("DeploymentConfig", "create", "deploymentconfigs/instantiate", "apps.openshift.io"),
]
