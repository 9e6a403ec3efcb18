import FleetModel

/// Makes sure that the new control plane is whole and that nothing uses it by default.
struct CheckControlPlane: StepRecipe {
    static let outline = StepOutline(
        "check-control-plane", title: "check the new control plane; the default is still the old")
    let move: Move
    /// Who runs the new control plane, where that is somebody in the cluster.
    var manager: OperatorReference?

    struct OperatorReference: Hashable, Sendable {
        let namespace: String
        let deployment: String
    }

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        if let lack = try lack(view) { return .partial(lack) }
        try SharedTrust(move).require(view)
        guard try !move.isActivated(view) else {
            return .done("the control plane is whole; the new revision is the default already")
        }
        return try defaultsObservation(view)
    }

    private var paths: [String] {
        managerPaths + SharedTrust(move).paths + [APIPath.namespaces] + Move.webhookPaths
    }

    private var managerPaths: [String] {
        guard let manager else { return [] }
        return [
            APIPath.namespace(manager.namespace),
            Move.deploymentPath(manager.deployment, in: manager.namespace),
        ]
    }

    /// What is missing first; `nil` when the control plane is whole.
    private func lack(_ view: ClusterView) throws(Pause) -> String? {
        if let lack = try managerLack(view) { return lack }
        guard let injector = try move.injection(view).own(move.revision) else {
            return "the injector of \(move.revision) is not there yet"
        }
        guard injector.hasCertificates else { return "\(injector.name) has no caBundle yet" }
        return try move.webhookComplaints(view).first
    }

    private func managerLack(_ view: ClusterView) throws(Pause) -> String? {
        guard let manager else { return nil }
        guard let namespace = try view.object(APIPath.namespace(manager.namespace)),
            MeshNamespace(namespace).isActive
        else { return "namespace \(manager.namespace) is not there yet" }
        let name = manager.deployment
        guard let deployment = try move.deployment(name, in: manager.namespace, view) else {
            return "Deployment \(manager.namespace)/\(name) is not there yet"
        }
        return Rollout(of: deployment, kind: "Deployment").complaint
            .map { "Deployment \(name): \($0)" }
    }

    private func defaultsObservation(_ view: ClusterView) throws(Pause) -> Observation {
        let answers = try move.probe(try move.movedNamespaces(view), view)
        if let wrong = answers.first(where: { $0.answer.revision != move.old }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        return .done(
            "the control plane is whole; new pods in \(answers.count) namespaces "
                + "still go to \(move.old)")
    }

    var preview: StepPreview {
        let parts =
            (manager == nil ? "" : "operator, ") + "webhooks, roots of trust and trust domain"
        return StepPreview(
            reads: .paths(paths),
            proof: "\(parts) are in order, and dry-run pods in every "
                + "default-injection namespace would still be injected by \(move.old)")
    }
}

extension [Reading] {
    static func paths(_ paths: [String], on target: Target = .cluster) -> [Reading] {
        Reading.paths(paths, on: target)
    }
}
