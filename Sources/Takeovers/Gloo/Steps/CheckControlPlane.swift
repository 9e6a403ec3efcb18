import FleetModel

/// Makes sure that the new control plane is whole and that nothing uses it by default.
struct CheckControlPlane: StepRecipe {
    static let outline = StepOutline(
        "check-control-plane", title: "check the new control plane; the default is still the old")
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        if let lack = try lack(view) { return .partial(lack) }
        let injection = try gloo.injection(view)
        try requireSameRoots(injection, view)
        guard !gloo.isActivated(injection) else {
            return .done("the control plane is whole; the new revision is the default already")
        }
        return try defaultsObservation(view)
    }

    private var operatorName: String { gloo.newName("istio-operator") }
    private var operatorNamespace: String { "gm-iop-\(gloo.revision)" }

    private var paths: [String] {
        [
            APIPath.namespace(operatorNamespace),
            GlooSituation.deploymentPath(operatorName, in: operatorNamespace),
            APIPath.rootCertificates, APIPath.namespaces,
        ] + GlooSituation.webhookPaths
    }

    /// What is missing first; `nil` when the control plane is whole.
    private func lack(_ view: ClusterView) throws(Pause) -> String? {
        guard let namespace = try view.object(APIPath.namespace(operatorNamespace)),
            MeshNamespace(namespace).isActive
        else { return "namespace \(operatorNamespace) is not there yet" }
        guard let managed = try gloo.deployment(operatorName, in: operatorNamespace, view) else {
            return "Deployment \(operatorNamespace)/\(operatorName) is not there yet"
        }
        if let complaint = Rollout(of: managed, kind: "Deployment").complaint {
            return "Deployment \(operatorName): \(complaint)"
        }
        guard let injector = try gloo.injection(view).own(gloo.revision) else {
            return "the injector of \(gloo.revision) is not there yet"
        }
        guard injector.hasCertificates else { return "\(injector.name) has no caBundle yet" }
        return try gloo.webhookComplaints(view).first
    }

    /// Other roots would break every connection between moved and unmoved pods.
    private func requireSameRoots(_ injection: Injection, _ view: ClusterView) throws(Pause) {
        let dissenters = RootCertificates.dissenters(
            among: try view.list(APIPath.rootCertificates))
        guard dissenters.isEmpty else {
            throw .terminal("other roots of trust than in istio-system in \(dissenters.summary)")
        }
        guard let old = injection.own(gloo.old), let new = injection.own(gloo.revision),
            old.bundles != new.bundles
        else { return }
        throw .terminal(
            "\(old.name) and \(new.name) show different roots of trust: "
                + "moved pods could not talk to unmoved ones")
    }

    private func defaultsObservation(_ view: ClusterView) throws(Pause) -> Observation {
        let answers = try gloo.probe(try gloo.defaultNamespaces(view), view)
        if let wrong = answers.first(where: { $0.answer.revision != gloo.old }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        return .done(
            "the control plane is whole; new pods in \(answers.count) namespaces "
                + "still go to \(gloo.old)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            proof: "operator, webhooks and roots of trust are in order, and dry-run pods in every "
                + "default-injection namespace would still be injected by \(gloo.old)")
    }
}

extension [Reading] {
    static func paths(_ paths: [String], on target: Target = .cluster) -> [Reading] {
        Reading.paths(paths, on: target)
    }
}
