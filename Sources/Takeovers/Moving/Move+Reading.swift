import FleetModel

/// Looks that several steps take.
extension Move {
    func injection(_ view: ClusterView) throws(Pause) -> Injection {
        Injection(configurations: try view.list(APIPath.mutatingWebhooks))
    }

    /// Whether new pods go to the new revision already, as far as tags and labels tell.
    func isActivated(_ injection: Injection, _ namespaces: [MeshNamespace]) -> Bool {
        switch activation {
        case .defaultTag:
            injection.defaultTag?.revision == revision
                || injection.acting(namespaceLabels: Self.askingForDefault)?.revision == revision
        case .selections:
            namespaces.contains { namespace in
                namespace.name != settings.testNamespace
                    && injection.acting(namespaceLabels: namespace.labels)?.revision == revision
            }
        }
    }

    private static let askingForDefault = [IstioLabel.injection: "enabled"]

    func isActivated(_ view: ClusterView) throws(Pause) -> Bool {
        isActivated(
            try injection(view), try view.namespaces())
    }

    /// Namespaces whose pods this move leads to another revision: those that go to whatever
    /// revision is the default, or, by ``activation``, those that any of the two answers to.
    func movedNamespaces(_ view: ClusterView) throws(Pause) -> [MeshNamespace] {
        let injection = try injection(view)
        return try view.namespaces()
            .filter { $0.isActive && isMoved($0, injection) }
            .sorted { $0.name < $1.name }
    }

    private func isMoved(_ namespace: MeshNamespace, _ injection: Injection) -> Bool {
        if isBack, namespace.selection == .named(old) { return false }
        guard activation == .selections else { return namespace.isDefaultInjected }
        let acting = injection.acting(namespaceLabels: namespace.labels)?.revision
        return namespace.name != settings.testNamespace && (acting == old || acting == revision)
    }

    /// What a new pod in each of these namespaces would get, in their order.
    func probe(
        _ namespaces: [MeshNamespace], _ view: ClusterView
    ) throws(Pause) -> [(namespace: String, answer: InjectionProbe.Answer)] {
        try probe(in: namespaces.map(\.name), view)
    }

    /// The same by their names. Where a policy says no to a pod that we made up, it is asked
    /// again with the template of a workload that runs there.
    func probe(
        in namespaces: [String], _ view: ClusterView
    ) throws(Pause) -> [(namespace: String, answer: InjectionProbe.Answer)] {
        let answers = try InjectionProbes(
            namespaces.map { InjectionProbe(namespace: $0) }, by: kubectl
        ).answers(view)
        let refused = answers.filter { $0.answer.isPolicyRefusal }
        try view.require(refused.flatMap { APIPath.templates(in: $0.probe.namespace) })
        var copies: [InjectionProbe] = []
        for (probe, _) in refused {
            if let template = try likelyTemplate(in: probe.namespace, view) {
                copies.append(probe.copying(template))
            }
        }
        let second = try InjectionProbes(copies, by: kubectl).answers(view)
        var told: [(namespace: String, answer: InjectionProbe.Answer)] = []
        for first in answers {
            let again = second.first { $0.probe.namespace == first.probe.namespace }
            let answer = try explained(again?.answer ?? first.answer, view)
            told.append((first.probe.namespace, answer))
        }
        return told
    }

    /// The same answer, with why an API server does not believe the injector, where that is why.
    private func explained(
        _ answer: InjectionProbe.Answer, _ view: ClusterView
    ) throws(Pause) -> InjectionProbe.Answer {
        guard let words = answer.refusal, WebhookTrust.isMissing(in: words) else { return answer }
        try view.require([APIPath.mutatingWebhooks, APIPath.rootCertificates])
        let trust = WebhookTrust(
            configurations: try view.list(APIPath.mutatingWebhooks),
            rootMaps: try view.list(APIPath.rootCertificates))
        return .refused(words + trust.hint(on: words))
    }

    /// What would become of a new pod of a template. Where a policy says no to a pod that only
    /// looks like it to the injectors, it is asked with the template as it is.
    func answer(
        to probe: InjectionProbe, of template: JSON, _ view: ClusterView
    ) throws(Pause) -> InjectionProbe.Answer {
        let first = InjectionProbe.answer(try view.result(of: probe.reading(kubectl)))
        guard first.isPolicyRefusal, template["spec"] != nil else {
            return try explained(first, view)
        }
        let copy = probe.copying(template)
        return try explained(
            InjectionProbe.answer(try view.result(of: copy.reading(kubectl))), view)
    }

    /// The first template of a namespace that leaves it to the namespace who injects what.
    private func likelyTemplate(
        in namespace: String, _ view: ClusterView
    ) throws(Pause) -> JSON? {
        for path in APIPath.templates(in: namespace) {
            let owners = try view.list(path).sorted { $0.name < $1.name }
            if let owner = owners.first(where: \.template.isOrdinary) { return owner.template }
        }
        return nil
    }

    /// `nil` when it does not exist.
    func deployment(
        _ name: String, in namespace: String, _ view: ClusterView
    ) throws(Pause) -> JSON? {
        try view.object(Self.deploymentPath(name, in: namespace))
    }

    static func deploymentPath(_ name: String, in namespace: String) -> String {
        "/apis/apps/v1/namespaces/\(namespace)/deployments/\(name)"
    }

    static func servicePath(_ name: String, in namespace: String) -> String {
        "/api/v1/namespaces/\(namespace)/services/\(name)"
    }

    /// Invariant I1: what Istio's webhooks lack. On the way back those of the revision that is
    /// left do not count: that they are dead may be why.
    func webhookComplaints(_ view: ClusterView) throws(Pause) -> [String] {
        try webhookHealth(view).map(\.words)
    }

    /// Likewise, with the configurations.
    func webhookHealth(_ view: ClusterView) throws(Pause) -> [WebhookHealth.Complaint] {
        try view.require(Self.webhookPaths)
        let mutating = try view.list(APIPath.mutatingWebhooks)
        let validating = try view.list(APIPath.validatingWebhooks)
        let endpoints = try view.endpoints()
        let configurations = (mutating + validating).filter {
            !isBack || $0.labels[IstioLabel.revision] != old.rawValue
        }
        return WebhookHealth.findings(
            configurations: configurations, services: try view.list(APIPath.services),
            endpoints: endpoints)
    }

    static let webhookPaths = [
        APIPath.mutatingWebhooks, APIPath.validatingWebhooks, APIPath.services,
        APIPath.endpointSlices[0],
    ]
}

extension APIPath {
    /// The workloads of one namespace whose pods are let in as they are.
    fileprivate static func templates(in namespace: String) -> [String] {
        ["deployments", "statefulsets", "daemonsets"].map {
            list("/apis/apps/v1/namespaces/\(namespace)/\($0)")
        }
    }
}

extension JSON {
    /// Whether a template says nothing of its own about injection.
    fileprivate var isOrdinary: Bool {
        let keys = labels.keys.sorted() + annotations.keys.sorted()
        return self["spec"] != nil && self["spec"]?["hostNetwork"]?.bool != true
            && !keys.contains { key in
                key == IstioLabel.revision || key.hasPrefix("sidecar.istio.io/")
                    || key.hasPrefix("inject.istio.io/")
            }
    }
}
