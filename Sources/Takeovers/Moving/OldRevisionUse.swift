import FleetModel

/// Who still uses the old revision, as far as the API server can tell.
///
/// Whatever cannot be told counts as use: the old revision goes only when it is
/// proven that nobody needs it. Proxies of virtual machines and of other
/// clusters do not show here: their istiods are asked (``ConnectedProxies``).
struct OldRevisionUse: Sendable {
    let move: Move

    init(_ move: Move) { self.move = move }

    static let paths =
        Workloads.paths + Move.webhookPaths + [
            APIPath.namespaces, APIPath.istioOperators, APIPath.cronJobs[0],
            APIPath.replicationControllers, APIPath.workloadGroups[0],
        ]

    /// What a plan can show of the look.
    static func previewed(_ move: Move) -> [Reading] {
        let question = SyncAnswers.question(to: "<old istiod>", of: move)
        return .paths(paths) + [InjectionProbe(namespace: "<namespace>").reading(move.kubectl)]
            + (move.settings.asksIstiod ? [question] : [])
    }

    /// What the look came to.
    enum Verdict: Hashable, Sendable {
        case unused
        /// Only pods use it that end by themselves.
        case ending(String)
        case used(String)
    }

    func verdict(_ view: ClusterView) throws(Pause) -> Verdict {
        try view.require(Self.paths + [meshPath])
        let pods = try users(view)
        let others = try otherFindings(view)
        let makers = try JobMakers(of: pods.compactMap(\.controller), view)
        let words = (names(of: pods, makers) + others).joined(separator: "; ")
        if pods.isEmpty, others.isEmpty { return .unused }
        let isEnding = pods.allSatisfy {
            $0.isTerminating || $0.controller?.kind == "Job" && !$0.isHeldBySidecar
        }
        return isEnding && others.isEmpty ? .ending(words) : .used(words)
    }

    /// Throws unless nothing uses the old revision, its istiods being asked as well; pods that
    /// end are waited for.
    func requireUnused(_ view: ClusterView) throws(Pause) {
        switch try verdict(view) {
        case .unused: try ConnectedProxies(view, of: move).requireNone()
        case .ending(let words): throw .unclear("still there: \(words)")
        case .used(let words): throw .terminal(words)
        }
    }

    private func otherFindings(_ view: ClusterView) throws(Pause) -> [String] {
        let injection = try move.injection(view)
        var findings = tags(injection)
        findings += try selections(injection, view)
        findings += try gateways(view)
        findings += try networkAgents(view)
        findings += try discovery(view)
        findings += try machines(view)
        return try findings + (probes(view))
    }

    private var meshPath: String { APIPath.configMap(move.newName("istio"), in: "istio-system") }

    /// Pods on the old revision, or on one that nothing tells.
    private func users(_ view: ClusterView) throws(Pause) -> [Pod] {
        let doomed = try DoomedGateways(view, for: move)
        return try view.pods().filter { pod in
            guard pod.isAlive, let proxy = pod.proxy, !doomed.contains(pod),
                !move.settings.isWaived(pod)
            else { return false }
            return proxy.revision == move.old || proxy.revision == nil
        }
    }

    private func names(of pods: [Pod], _ makers: JobMakers) -> [String] {
        guard !pods.isEmpty else { return [] }
        let names = pods.map { $0.object.qualifiedName + note(on: $0, makers) }
        return ["proxies on \(move.old): \(names.sorted().summary)"]
    }

    private func note(on pod: Pod, _ makers: JobMakers) -> String {
        if pod.proxy?.revision == nil { return " (perhaps)" }
        if pod.isTerminating { return " (ending)" }
        guard let job = pod.controller, job.kind == "Job" else { return "" }
        guard pod.isHeldBySidecar else { return " (a Job's, until it ends)" }
        let maker = makers[job].map { "; from \($0)" } ?? ""
        return " (its sidecar never ends\(maker))"
    }

    private func tags(_ injection: Injection) -> [String] {
        injection.configurations
            .filter { $0.tag != nil && $0.revision == move.old }
            .map { "\($0.name) points to \(move.old)" }
    }

    /// Namespaces and templates whose next pod would be injected by the old revision.
    private func selections(
        _ injection: Injection, _ view: ClusterView
    ) throws(Pause) -> [String] {
        let namespaces = try view.namespaces()
        let labels = Dictionary(namespaces.map { ($0.name, $0.labels) }) { first, _ in first }
        let isOld = { (namespace: String, podLabels: [String: String]) in
            let injector = injection.acting(
                namespaceLabels: labels[namespace] ?? [:], podLabels: podLabels)
            return injector?.revision == move.old
        }
        let spaces = namespaces.map(\.name).filter { isOld($0, [:]) }
        let owners = try templates(view).filter { isOld($0.namespace, $0.labels) }
        return spaces.sorted().map { "namespace \($0) selects \(move.old)" }
            + owners.map { "the template of \($0.name) selects \(move.old)" }
    }

    private typealias Template = (name: String, namespace: String, labels: [String: String])

    private func templates(_ view: ClusterView) throws(Pause) -> [Template] {
        var templates: [Template] = []
        for path in [APIPath.deployments, APIPath.statefulSets, APIPath.daemonSets] {
            templates += try view.list(path).map {
                ($0.qualifiedName, $0.namespace, $0.template.labels)
            }
        }
        templates += try view.list(firstOf: APIPath.cronJobs).map {
            let template = $0.spec[path: ["jobTemplate", "spec", "template"]] ?? .null
            return ($0.qualifiedName, $0.namespace, template.labels)
        }
        return templates + (try rareTemplates(view))
    }

    /// What is scaled to none has no pods, and makes some later. Kinds that few clusters have
    /// are read only when something names them: they leave their versions behind.
    private func rareTemplates(_ view: ClusterView) throws(Pause) -> [Template] {
        let versions =
            try view.list(APIPath.replicaSets) + view.list(APIPath.replicationControllers)
        let kinds = Set(versions.compactMap { OwnerReference(controllerOf: $0)?.kind })
        var objects = versions.filter { OwnerReference(controllerOf: $0) == nil }
        for (kind, path) in [
            ("Rollout", APIPath.argoRollouts), ("DeploymentConfig", APIPath.deploymentConfigs),
        ] where kinds.contains(kind) {
            objects += try view.optionalList(path) ?? []
        }
        return objects.map { ($0.qualifiedName, $0.namespace, $0.template.labels) }
    }

    /// Who knows which istiod a virtual machine asks says so by waiving its group.
    private func machines(_ view: ClusterView) throws(Pause) -> [String] {
        try OutsideMachines.groups(view, of: move)
            .map { "machines of WorkloadGroup \($0) may use \(move.old)" }
    }

    /// Without its agent no node starts another pod of the mesh.
    private func networkAgents(_ view: ClusterView) throws(Pause) -> [String] {
        try view.list(APIPath.daemonSets).filter { $0.isNetworkAgent(of: move.old) }
            .map { "\($0.qualifiedName) would go with \(move.old)" }
    }

    /// A Service that both gateways share must not lead to the old one any more.
    private func gateways(_ view: ClusterView) throws(Pause) -> [String] {
        try GatewaySwitch(view, for: move).fronts
            .filter { $0.hasNewPods && $0.pin != move.revision.rawValue }
            .map { "Service \($0.service.qualifiedName) leads to old gateways" }
    }

    /// Whether the new mesh still finds its control plane at the old address.
    private func discovery(_ view: ClusterView) throws(Pause) -> [String] {
        let mesh = try view.object(meshPath)?[path: ["data", "mesh"]]?.string ?? ""
        let uses = mesh.split { $0.isNewline || "{},".contains($0) }
            .contains { discoveryHost(in: $0) == move.oldName("istiod") }
        return uses ? ["the new mesh configuration names the old istiod as discoveryAddress"] : []
    }

    /// The first label of the address, however YAML quotes it; `nil` of any other field.
    private func discoveryHost(in field: Substring) -> String? {
        let parts = field.filter { !"\"' \t".contains($0) }.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "discoveryAddress" else { return nil }
        return String(parts[1].prefix { $0 != "." && $0 != ":" })
    }

    private func probes(_ view: ClusterView) throws(Pause) -> [String] {
        try move.probe(try move.movedNamespaces(view), view)
            .filter { $0.answer.revision != move.revision }
            .map { "a new pod in \($0.namespace) \($0.answer.description)" }
    }
}

extension JSON {
    /// Whether a DaemonSet is the CNI agent that a revision's IstioOperator brought, and
    /// would take with it.
    func isNetworkAgent(of revision: Revision) -> Bool {
        name == "istio-cni-node"
            && (labels[IstioLabel.revision] ?? Revision.unnamed.rawValue) == revision.rawValue
            && owningOperator != nil
    }
}
