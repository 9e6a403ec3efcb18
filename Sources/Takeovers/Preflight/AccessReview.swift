import FleetModel

/// Asks the API servers whether we may do what the steps will do: one kubectl for all the
/// questions to a server, which costs as much as one for each of them.
struct AccessReview: Sendable {
    let questions: [Question]

    init(questions: [Question]) { self.questions = questions }

    /// What came of it.
    struct Answers: Hashable, Sendable {
        /// What we may not do, in words.
        var denied: [String] = []
        /// What nobody will say: the command itself will tell.
        var untold: [String] = []

        static func + (some: Answers, more: Answers) -> Answers {
            Answers(denied: some.denied + more.denied, untold: some.untold + more.untold)
        }
    }

    /// One right that the steps need.
    struct Question: Hashable, Sendable {
        let right: NeededRight
        let kubectl: Kubectl

        init(_ right: NeededRight, by kubectl: Kubectl) {
            (self.right, self.kubectl) = (right, kubectl)
        }

        init(_ verb: String, _ resource: String, _ group: String = "", by kubectl: Kubectl) {
            self.init(NeededRight(verb, resource, group), by: kubectl)
        }

        var words: String { right.words }
    }

    var readings: [Reading] { servers.map(\.reading) }

    func answers(_ view: ClusterView) throws(Pause) -> Answers {
        try view.require(readings)
        var answers = Answers()
        for server in servers {
            let allowed = try server.allowed(view)
            for right in server.rights {
                switch allowed[right] {
                case true?: break
                case false?: answers.denied.append(right.words)
                case nil: answers.untold.append(right.words)
                }
            }
        }
        return answers
    }

    /// The questions to one server.
    private struct Server {
        let kubectl: Kubectl
        var rights: [NeededRight]

        /// Without validation, for which kubectl would fetch the schema of everything. One that
        /// may not be asked is answered by an error, and the others all the same.
        var reading: Reading {
            let list: JSON = [
                "apiVersion": "v1", "kind": "List",
                "items": .array(rights.map(\.review)),
            ]
            return .trial(
                kubectl.ask(
                    ["create", "--validate=false", "-o", "json", "-f", "-"],
                    stdin: list.description,
                    purpose: "ask for \(rights.count) rights, which changes nothing"))
        }

        func allowed(_ view: ClusterView) throws(Pause) -> [NeededRight: Bool] {
            guard case .found(let found) = try view.result(of: reading),
                let report = ToolReport(found)
            else { return [:] }
            let pairs = JSON.documents(in: report.stdout).compactMap { review in
                review.status["allowed"]?.bool.map { (NeededRight(of: review), $0) }
            }
            return Dictionary(pairs) { first, _ in first }
        }
    }

    private var servers: [Server] {
        var servers: [Server] = []
        for question in questions {
            let known = servers.firstIndex { $0.kubectl == question.kubectl }
            if let known {
                servers[known].rights.append(question.right)
            } else {
                servers.append(Server(kubectl: question.kubectl, rights: [question.right]))
            }
        }
        return servers
    }
}

extension NeededRight {
    /// The right in words: `patch services in shop`.
    var words: String { "\(verb) \(resource)" + (namespace.map { " in \($0)" } ?? "") }

    /// The question whether we have it, as API servers take it.
    fileprivate var review: JSON {
        let parts = resource.split(separator: "/").map(String.init)
        var attributes: JSON = [
            "verb": .string(verb), "resource": .string(parts[0]), "group": .string(group),
        ]
        attributes["namespace"] = namespace.map(JSON.string)
        if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
        return [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": attributes],
        ]
    }

    /// What was asked, of the answer, which repeats it. Servers leave out what is empty.
    fileprivate init(of review: JSON) {
        let asked = review.spec["resourceAttributes"] ?? .null
        let parts = ["resource", "subresource"].compactMap { asked[$0]?.nonEmpty }
        self.init(
            asked["verb"]?.string ?? "", parts.joined(separator: "/"),
            asked["group"]?.string ?? "", in: asked["namespace"]?.nonEmpty)
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
        let history = AccessReview.Question("list", "controllerrevisions", "apps", by: kubectl)
        let undoes =
            settings.failedRollout == .undo && workloads.contains(where: \.rollsBackByItself)
        return (workloads.contains { RestartWay(of: $0).evicts } ? [eviction] : [])
            + (undoes ? [history] : [])
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
