import FleetModel

/// The namespaces, owners and disruption budgets of a cluster that was surveyed.
struct SurveyedWorkloads: Sendable {
    let survey: ClusterSurvey
    let store: ClusterStore

    // MARK: - Namespaces

    func buildNamespaces() throws(StatusError) {
        for group in survey.namespaces {
            for name in group.names where !isMade(name) {
                try put(name, labels: group.labels)
            }
        }
    }

    /// Namespaces that somebody in the lab brings by himself.
    private func isMade(_ name: String) -> Bool {
        name.hasPrefix("gm-iop-") || (survey.isBigBang && Self.madeByBigBang.contains(name))
    }

    private static let madeByBigBang: Set = [
        "bigbang", "flux-system", "istio-gateway", "istio-operator", "istio-system",
    ]

    /// The namespace with these labels beside the ones every namespace has.
    private func put(_ name: String, labels: [String: String]) throws(StatusError) {
        let key = ObjectKey("namespaces", name: name)
        guard store.get(key) != nil else {
            try store.create("namespaces", Manifest.namespace(name, labels: labels))
            return
        }
        try store.update(key) { namespace in
            let others = namespace.labels.filter { !Self.choices.contains($0.key) }
            namespace[path: ["metadata", "labels"]] = JSON(others.merging(labels) { $1 })
        }
    }

    /// The labels by which a namespace chooses its injector.
    private static let choices: Set = [
        "istio-injection", "istio.io/rev", "istio.io/dataplane-mode",
    ]

    // MARK: - Owners

    /// Pods that were there before an injector wanted them.
    func buildUnmeshed() throws(StatusError) {
        for owner in owners where owner.isUnmeshed { try build(owner) }
    }

    /// The revisions whose proxies are not what their namespaces would get now.
    var staleRevisions: [Revision] {
        Set(owners.compactMap(staleRevision)).sorted()
    }

    /// Makes the owners of such a revision, whose namespaces ask for it for the moment.
    func buildStale(of revision: Revision) throws(StatusError) {
        let stale = owners.filter { staleRevision(of: $0) == revision }
        for space in Set(stale.map(\.namespace)).sorted() {
            try put(space, labels: ["istio.io/rev": revision.rawValue])
        }
        for owner in stale { try build(owner) }
    }

    func buildOthers() throws(StatusError) {
        try buildNamespaces()
        for owner in owners where !owner.isUnmeshed && staleRevision(of: owner) == nil {
            try build(owner)
        }
        for budget in survey.budgets { try build(budget) }
        for agent in survey.nodeAgents { try build(agent) }
    }

    /// Who is paused once had pods, so that comes last.
    func pause() throws(StatusError) {
        for owner in owners where owner.kind == "Deployment" && owner.traits?.isPaused == true {
            try store.update(
                ObjectKey("deployments.apps", namespace: owner.namespace, name: owner.name)
            ) { $0[path: ["spec", "paused"]] = true }
        }
    }

    /// Those that no gateway's chart brings.
    private var owners: [ClusterSurvey.Owner] {
        let gateways = Set(survey.gateways.map(\.service))
        return survey.owners.filter { !gateways.contains("\($0.namespace)/\($0.name)") }
    }

    /// What its proxies run instead of what its namespace asks for; `nil` when they run that.
    private func staleRevision(of owner: ClusterSurvey.Owner) -> Revision? {
        guard let label = owner.proxies.first else { return nil }
        let revision = Revision(proxyLabel: label)
        let space = survey.namespaces.first { $0.names.contains(owner.namespace) }
        let wished = owner.traits?.injection["istio.io/rev"] != nil
        let isPlayed = !survey.managedRevisions.contains(revision)
        return wished || space?.gets == revision || !isPlayed ? nil : revision
    }

    private func build(_ owner: ClusterSurvey.Owner) throws(StatusError) {
        let workload = SurveyedWorkload(owner: owner)
        guard let resource = workload.resource else { return }
        if store.get(ObjectKey("namespaces", name: owner.namespace)) == nil {
            try store.create("namespaces", Manifest.namespace(owner.namespace))
        }
        let key = ObjectKey(resource, namespace: owner.namespace, name: owner.name)
        guard store.get(key) == nil else { return }
        try store.create(resource, workload.object)
    }

    // MARK: - What stands beside them

    private func build(_ budget: ClusterSurvey.Budget) throws(StatusError) {
        guard let place = QualifiedName(budget.name) else { return }
        let covered = survey.owners.filter { owner in
            owner.namespace == place.space
                && (budget.owners?.contains(owner.label) ?? (owner.name == place.name))
        }
        let key = ObjectKey("poddisruptionbudgets.policy", namespace: place.space, name: place.name)
        guard !covered.isEmpty, store.get(key) == nil else { return }
        let pods = covered.reduce(0) { $0 + $1.pods }
        let wanted = budget.isViolated ? pods + 1 : max(0, pods - budget.allowed)
        let names = covered.map { JSON.string($0.name) }
        try store.create(
            "poddisruptionbudgets.policy",
            Manifest.make(
                "policy/v1", "PodDisruptionBudget", place.name, in: place.space,
                [
                    "spec": [
                        "minAvailable": .int(Int64(wanted)),
                        "selector": [
                            "matchExpressions": [
                                ["key": "app", "operator": "In", "values": .array(names)]
                            ]
                        ],
                    ]
                ]))
    }

    private func build(_ agent: ClusterSurvey.NodeAgent) throws(StatusError) {
        guard let place = QualifiedName(agent.name),
            store.get(ObjectKey("daemonsets.apps", namespace: place.space, name: place.name)) == nil
        else { return }
        var object = LabWorkload(
            name: place.name, kind: .daemonSet, version: agent.version ?? "unknown",
            podLabels: ["sidecar.istio.io/inject": "false"]
        ).workload(in: place.space)
        if let revision = agent.revision, agent.isTunnel {
            object[path: ["spec", "template", "metadata", "annotations"]] = [
                "istio.io/rev": .string(revision.rawValue)
            ]
        } else if let revision = agent.revision {
            object[path: ["metadata", "labels"]] = JSON(
                object.labels.merging(["istio.io/rev": revision.rawValue]) { $1 })
        }
        try store.create("daemonsets.apps", object)
    }
}

extension ClusterSurvey.NamespaceGroup {
    /// The labels that ask for what the group asks for.
    fileprivate var labels: [String: String] {
        let named = "revision "
        return switch asks {
        case "default": ["istio-injection": "enabled"]
        case "no sidecars": ["istio-injection": "disabled"]
        case "ambient": ["istio.io/dataplane-mode": "ambient"]
        case _ where asks.hasPrefix(named):
            ["istio.io/rev": String(asks.dropFirst(named.count))]
        default: [:]
        }
    }
}

extension ClusterSurvey.Owner {
    /// Whether an injector would take its pods today, but was not there when they came.
    fileprivate var isUnmeshed: Bool {
        restart.standing == .uninjected && traits?.isOnHostNetwork != true
    }
}
