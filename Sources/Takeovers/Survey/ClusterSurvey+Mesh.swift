import FleetModel

extension ClusterSurvey {
    mutating func describeMesh(_ objects: SurveyedObjects) {
        controlPlanes = objects.planes.map {
            ControlPlane(
                revision: $0.revision, version: $0.version,
                deployment: $0.deployment.qualifiedName, trouble: $0.rollout.complaint)
        }
        proxies = ProxyGroup.all(of: objects.pods)
        let injection = Injection(configurations: objects.mutating)
        injectors = Injector.all(of: injection)
        namespaces = NamespaceGroup.all(of: objects.namespaces, injection)
        nodeAgents = NodeAgent.all(of: objects.daemonSets)
        webhookTroubles = WebhookHealth.complaints(
            configurations: objects.mutating + objects.validating, services: objects.services,
            endpoints: objects.endpoints)
    }
}

extension ClusterSurvey.ProxyGroup {
    private struct Key: Hashable {
        let kind: String
        let revision: Revision?
        let version: String?
    }

    fileprivate static func all(of pods: [Pod]) -> [ClusterSurvey.ProxyGroup] {
        let proxies = pods.filter(\.isAlive).compactMap(\.proxy)
        let groups = Dictionary(grouping: proxies) {
            Key(kind: $0.kind.rawValue, revision: $0.revision, version: $0.version)
        }
        let sorted = groups.sorted {
            ($0.key.kind, $0.value[0].label) < ($1.key.kind, $1.value[0].label)
        }
        return sorted.map {
            ClusterSurvey.ProxyGroup(
                kind: $0.key.kind, revision: $0.key.revision, version: $0.key.version,
                count: $0.value.count)
        }
    }
}

extension ClusterSurvey.Injector {
    /// In calling order.
    fileprivate static func all(of injection: Injection) -> [ClusterSurvey.Injector] {
        let defaults = injection.activeDefaults
        let acting = injection.acting(namespaceLabels: [IstioLabel.injection: "enabled"])
        return injection.configurations.map { configuration in
            ClusterSurvey.Injector(
                name: configuration.name, revision: configuration.revision,
                tag: configuration.tag, isDefault: defaults.contains(configuration),
                acts: configuration == acting)
        }
    }
}

extension ClusterSurvey.NamespaceGroup {
    fileprivate static func all(
        of namespaces: [MeshNamespace], _ injection: Injection
    ) -> [ClusterSurvey.NamespaceGroup] {
        let groups = Dictionary(grouping: namespaces) { namespace in
            Self(namespace, injection)
        }
        return groups.map { group, namespaces in
            var group = group
            group.names = namespaces.map(\.name).sorted()
            return group
        }.sorted { ($0.asks, $0.names.first ?? "") < ($1.asks, $1.names.first ?? "") }
    }

    /// What one namespace asks for and gets, without its name.
    private init(_ namespace: MeshNamespace, _ injection: Injection) {
        let decision = injection.decision(namespace: namespace.name, labels: namespace.labels)
        var (gets, isUnanswered) = (Revision?.none, false)
        switch decision {
        case .injected(let configuration): gets = configuration.revision
        case .unselected(.nobodyAnswers): isUnanswered = true
        case .declined, .unselected: break
        }
        self.init(
            asks: namespace.selection.words, gets: gets, names: [], isUnanswered: isUnanswered)
    }
}

extension MeshNamespace.Selection {
    /// What the labels ask for, in short.
    fileprivate var words: String {
        switch self {
        case .byDefault: "default"
        case .named(let name): "revision \(name)"
        case .refused: "no sidecars"
        case .ambient: "ambient"
        case .none: "nothing"
        }
    }
}

extension ClusterSurvey.NodeAgent {
    fileprivate static func all(of daemonSets: [JSON]) -> [ClusterSurvey.NodeAgent] {
        daemonSets.filter { ["istio-cni-node", "ztunnel"].contains($0.name) }
            .sorted { $0.qualifiedName < $1.qualifiedName }
            .map { daemonSet in
                let containers = daemonSet.template.spec.items("containers")
                let image = containers.first?["image"]?.string ?? ""
                return ClusterSurvey.NodeAgent(
                    name: daemonSet.qualifiedName, version: imageTag(of: image),
                    revision: Proxy(of: daemonSet.template)?.revision
                        ?? daemonSet.labels[IstioLabel.revision].map { Revision($0) })
            }
    }
}
