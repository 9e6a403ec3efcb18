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
    let trustDomain: String
    let operators: [JSON]
    let daemonSets: [JSON]
    let budgets: [DisruptionBudget]
    /// Pods that a controller was recently refused.
    let refusedPods: [JSON]
    let authorizationPolicies: [JSON]
    let fronts: [GatewaySwitch.Front]
    let lease: WriterLock.Standing
    let denied: [String]
    /// `nil` when the management plane does not know the cluster.
    let approval: String?
    let manager: LifecycleManager?
    let rootTrustPolicies: [JSON]
    let now: Timestamp

    init(_ view: ClusterView, _ gloo: GlooSituation) throws(Pause) {
        try view.require(Self.readings(gloo))
        let review = AccessReview(gloo)
        serverVersion = try view.object(APIPath.version)?["gitVersion"]?.nonEmpty
        deployments = try view.list(APIPath.deployments)
        workloads = try Workloads(view)
        queue = RestartQueue(workloads, for: gloo) { _ in false }
        injection = try gloo.injection(view)
        webhookComplaints = try gloo.webhookComplaints(view)
        namespaces = try view.list(APIPath.namespaces).map(MeshNamespace.init)
        rootDissenters = RootCertificates.dissenters(
            among: try view.list(APIPath.rootCertificates))
        trustDomain =
            try view.object(Self.meshPath(gloo)).map(TrustDomain.of) ?? TrustDomain.fallback
        operators = try view.optionalList(APIPath.istioOperators) ?? []
        daemonSets = try view.list(APIPath.daemonSets)
        budgets = try (view.optionalList(firstOf: APIPath.disruptionBudgets) ?? [])
            .map(DisruptionBudget.init)
        refusedPods = try view.list(APIPath.failedCreations)
        authorizationPolicies = try view.optionalList(APIPath.authorizationPolicies) ?? []
        fronts = try GatewaySwitch(view, for: gloo).fronts
        lease = try gloo.lock.standing(view)
        denied = try review.denied(view)
        let management = try ManagementFacts(view, gloo)
        approval = management.approval
        manager = management.manager
        rootTrustPolicies = management.rootTrustPolicies
        now = view.context.now
    }

    /// What to read, for the view and for the preview.
    static func readings(_ gloo: GlooSituation) -> [Reading] {
        let paths =
            [
                APIPath.version, APIPath.namespaces, APIPath.rootCertificates,
                APIPath.istioOperators, APIPath.disruptionBudgets[0], APIPath.failedCreations,
                APIPath.authorizationPolicies, meshPath(gloo),
            ] + Workloads.paths + GlooSituation.webhookPaths
        return .paths(paths) + [gloo.lock.reading] + AccessReview(gloo).readings
            + ManagementFacts.readings(gloo)
    }

    private static func meshPath(_ gloo: GlooSituation) -> String {
        APIPath.configMap(gloo.oldName("istio"), in: "istio-system")
    }
}

/// What the management plane knows of the cluster.
private struct ManagementFacts {
    let approval: String?
    let manager: LifecycleManager?
    let rootTrustPolicies: [JSON]

    init(_ view: ClusterView, _ gloo: GlooSituation) throws(Pause) {
        guard let manifest = gloo.manifest(.controlPlane) else {
            throw .terminal("the takeover has no manifest of the control plane")
        }
        let paths = ManagementPaths(manifest, gloo)
        approval = try view.object(paths.cluster, on: .management)?.approval
        manager = try view.object(manifest.path, on: .management).map {
            LifecycleManager(kind: .controlPlane, object: $0)
        }
        rootTrustPolicies = try view.optionalList(paths.policies, on: .management) ?? []
    }

    static func readings(_ gloo: GlooSituation) -> [Reading] {
        guard let manifest = gloo.manifest(.controlPlane) else { return [] }
        let paths = ManagementPaths(manifest, gloo)
        return .paths([paths.cluster, manifest.path, paths.policies], on: .management)
    }
}

private struct ManagementPaths {
    let cluster: String
    let policies: String

    init(_ manifest: LifecycleManifest, _ gloo: GlooSituation) {
        cluster = APIPath.gloo(
            "kubernetesclusters", gloo.registeredName, in: manifest.namespace)
        policies = APIPath.glooList("roottrustpolicies", in: manifest.namespace)
    }
}
