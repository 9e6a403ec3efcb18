import FleetModel

/// Everything the preflight looks at, read once.
struct PreflightFacts: Sendable {
    let serverVersion: String?
    let deployments: [JSON]
    let workloads: Workloads
    let queue: RestartQueue
    let injection: Injection
    let webhookComplaints: [String]
    let namespaces: [MeshNamespace]
    let rootDissenters: [String]
    /// Why API servers may not believe an injector.
    let webhookTrust: WebhookTrust
    /// Where the Jobs come from that are in the way.
    let jobMakers: JobMakers
    /// Of the mesh so far. None when nothing tells, several when proxies do not agree.
    let trustDomains: [String]
    /// What the mesh is like so far; `nil` when there is no ConfigMap that tells.
    let mesh: MeshFacts?
    let operators: [JSON]
    let daemonSets: [JSON]
    let budgets: [DisruptionBudget]
    /// Pods that a controller was recently refused.
    let refusedPods: [JSON]
    /// What became of a dry-run pod in each namespace that is moved.
    let probes: [(namespace: String, answer: InjectionProbe.Answer)]
    let authorizationPolicies: [JSON]
    /// `nil` where we may not read them, which no step needs.
    let networkPolicies: [NetworkPolicy]?
    let fronts: [GatewaySwitch.Front]
    let lease: WriterLock.Standing
    /// What we may do, as far as the API servers say.
    let access: AccessReview.Answers
    /// What users get, as far as the takeover says how to see that.
    let traffic: TrafficProbes.Look
    let isOpenShift: Bool
    let now: Timestamp

    init(_ view: ClusterView, _ move: Move, access: AccessReview) throws(Pause) {
        try view.require(Self.readings(move, access: access))
        serverVersion = try view.object(APIPath.version)?["gitVersion"]?.nonEmpty
        deployments = try view.list(APIPath.deployments)
        workloads = try Workloads(view).filter { !move.isTestTraffic($0.owner) }
        queue = RestartQueue(
            workloads, for: move.seeingNothing, selection: try SidecarSelection(view, move))
        injection = try move.injection(view)
        webhookComplaints = try move.webhookComplaints(view)
        namespaces = try view.namespaces()
            .filter { !move.isTestTraffic($0) }
        rootDissenters = RootCertificates.dissenters(
            among: try view.list(APIPath.rootCertificates))
        webhookTrust = WebhookTrust(
            configurations: try view.list(APIPath.mutatingWebhooks),
            rootMaps: try view.list(APIPath.rootCertificates))
        jobMakers = try JobMakers(
            of: (queue.ending + queue.leftBehind.map(\.workload)).map(\.owner), view)
        trustDomains = try move.presentTrustDomains(view)
        mesh = try MeshFacts(view, of: move)
        operators = try view.optionalList(APIPath.istioOperators) ?? []
        daemonSets = try view.list(APIPath.daemonSets)
        budgets = try (view.optionalList(firstOf: APIPath.disruptionBudgets) ?? [])
            .map(DisruptionBudget.init)
        refusedPods = try view.list(APIPath.failedCreations)
        authorizationPolicies = try view.optionalList(APIPath.authorizationPolicies) ?? []
        networkPolicies = try Self.networkPolicies(view)
        fronts = try GatewaySwitch(view, for: move).fronts
        lease = try move.lock.standing(view)
        let restarts = AccessReview(questions: move.rights(toRestart: queue.waiting))
        self.access = try access.answers(view) + restarts.answers(view)
        traffic = try TrafficProbes(move).look(view)
        isOpenShift = try view.object(APIPath.openShift) != nil
        // A server that lets us make none is no policy's doing: P01 tells it.
        probes =
            self.access.denied.contains("create pods")
            ? [] : try move.probe(try move.movedNamespaces(view), view)
        now = view.context.now
    }

    /// What to read, for the view and for the preview.
    static func readings(_ move: Move, access: AccessReview) -> [Reading] {
        let paths =
            [
                APIPath.version, APIPath.namespaces, APIPath.rootCertificates,
                APIPath.istioOperators, APIPath.disruptionBudgets[0], APIPath.failedCreations,
                APIPath.authorizationPolicies, APIPath.networkPolicies, APIPath.openShift,
            ] + move.trustPaths + Workloads.paths + Move.webhookPaths
        return .paths(paths) + [move.lock.reading] + access.readings
    }

    private static func networkPolicies(_ view: ClusterView) throws(Pause) -> [NetworkPolicy]? {
        let path = APIPath.networkPolicies
        if case .refused = try view.result(of: .path(path, on: .cluster)) { return nil }
        return try (view.optionalList(path) ?? []).map(NetworkPolicy.init)
    }

    /// The one trust domain that is known.
    var trustDomain: String? { trustDomains.count == 1 ? trustDomains[0] : nil }
}
