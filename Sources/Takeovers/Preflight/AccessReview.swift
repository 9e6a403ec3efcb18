import FleetModel

/// Asks the API servers whether we may do what the steps will do.
struct AccessReview: Sendable {
    let questions: [Question]

    var readings: [Reading] { questions.map(\.reading) }

    func asking(_ more: [Question]) -> AccessReview { AccessReview(questions: questions + more) }

    /// What came of it.
    struct Answers: Hashable, Sendable {
        /// What we may not do, in words.
        var denied: [String] = []
        /// What nobody will say: the command itself will tell.
        var untold: [String] = []
    }

    func answers(_ view: ClusterView) throws(Pause) -> Answers {
        try view.require(readings)
        var answers = Answers()
        for question in questions {
            switch try question.isAllowed(view) {
            case true?: break
            case false?: answers.denied.append(question.words)
            case nil: answers.untold.append(question.words)
            }
        }
        return answers
    }

    /// One right that the steps need.
    struct Question: Sendable {
        let words: String
        let reading: Reading

        init(_ right: NeededRight, by kubectl: Kubectl) {
            let parts = right.resource.split(separator: "/").map(String.init)
            var attributes: JSON = [
                "verb": .string(right.verb), "resource": .string(parts[0]),
                "group": .string(right.group),
            ]
            attributes["namespace"] = right.namespace.map(JSON.string)
            if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
            let review: JSON = [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                "spec": ["resourceAttributes": attributes],
            ]
            words = "\(right.verb) \(right.resource)" + (right.namespace.map { " in \($0)" } ?? "")
            // Raw, for kubectl would first look up what every server knows.
            let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
            reading = .attempt(
                kubectl.ask(
                    ["create", "--raw", path, "-f", "-"], stdin: review.description,
                    purpose: "ask whether we may \(words)"))
        }

        init(_ verb: String, _ resource: String, _ group: String = "", by kubectl: Kubectl) {
            self.init(NeededRight(verb, resource, group), by: kubectl)
        }

        /// `nil` when the server does not say: not everybody may ask.
        fileprivate func isAllowed(_ view: ClusterView) throws(Pause) -> Bool? {
            guard case .found(let found) = try view.result(of: reading),
                let report = ToolReport(found), report.exit == 0,
                let review = JSON(parsing: report.stdout)
            else { return nil }
            return review.status["allowed"]?.bool
        }
    }
}

extension AccessReview {
    /// What a takeover needs by the previews of its own steps, so that neither can drift from the
    /// other, and what those cannot tell.
    init(_ runbook: any Runbook.Type, of move: Move, and others: [Question] = []) {
        let situation = move.situation
        let commands = Self.commands(runbook, in: situation)
        let servers = [situation.cluster] + (situation.management.map { [$0] } ?? [])
        questions =
            servers.flatMap { server in
                let kubectl = Kubectl(cluster: server)
                return Self.rights(of: commands, by: kubectl).map { Question($0, by: kubectl) }
            } + move.rights + others
    }

    /// What all the steps would run, there and back again.
    static func commands(_ runbook: any Runbook.Type, in situation: Situation) -> [Command] {
        let phases = runbook.outline(for: situation.takeover).phases.map(\.name)
        return (phases + [RunbookOutline.rollbackPhase])
            .flatMap { runbook.steps(of: $0, in: situation) }
            .filter { !othersAnswer.contains($0.outline.name) }.flatMap(\.preview.acts)
    }

    /// The preflight changes nothing, and what a restart needs is known by what is restarted.
    private static let othersAnswer: Set<String> = [
        Preflight.outline.name, RestartWorkloads.outline.name, Returning.workloads.name,
    ]

    /// Each once, in an order of their own.
    static func rights(of commands: [Command], by kubectl: Kubectl) -> [NeededRight] {
        let words = kubectl.cluster.kubectl([])
        let rights = commands.filter { $0.argv.starts(with: words) }.flatMap { command in
            NeededRight.all(of: Array(command.argv.dropFirst(words.count)), stdin: command.stdin)
                ?? []
        }
        let all = Set(rights)
        let wide = all.filter { $0.namespace == nil }
        return all.filter { right in
            right.namespace == nil || !wide.contains(where: right.isImplied)
        }.sorted { $0.place.lexicographicallyPrecedes($1.place) }
    }
}

extension NeededRight {
    fileprivate var place: [String] { [group, resource, verb, namespace ?? ""] }
}

extension Move {
    /// What every takeover does in a cluster, and no preview shows.
    var rights: [AccessReview.Question] {
        let lease = NeededRight("patch", "leases", "coordination.k8s.io", in: WriterLock.namespace)
        return [
            AccessReview.Question("patch", "deployments", "apps", by: kubectl),
            AccessReview.Question("create", "pods", by: kubectl),
            AccessReview.Question(lease, by: kubectl),
            AccessReview.Question(
                "list", "customresourcedefinitions", "apiextensions.k8s.io", by: kubectl),
        ] + noting
    }

    /// The looks of istioctl are woven around whatever runbook there is.
    private var noting: [AccessReview.Question] {
        guard settings.comparesAnalysis else { return [] }
        return ["create", "patch", "delete"].map {
            AccessReview.Question(
                NeededRight($0, "configmaps", in: AnalysisNote.namespace), by: kubectl)
        }
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
