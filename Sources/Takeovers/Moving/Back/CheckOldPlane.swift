import FleetModel

/// Makes sure, before anything is touched, that there is an old control plane to go back to.
struct CheckOldPlane: StepRecipe {
    static let outline = StepOutline(
        "check-old-plane", title: "check that the old control plane is there and well",
        isBaseline: true)
    /// The way back.
    let move: Move
    /// Whether the old revision has to be the default one again by its own injector.
    let needsDefault: Bool
    /// Whether a tag `default` of before would be pointed back, which does as well.
    var pointsTagBack = false

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        guard let deployment = try view.object(deploymentPath) else {
            throw .gone("there is no Deployment istio-system/\(name)")
        }
        try requireAvailable(deployment, view)
        try requireStaying(view)
        try requireInjector(view)
        let version = ControlPlane(deployment)?.version.map { " \($0)" } ?? ""
        return .done("\(name)\(version) is available, and its injector can be called")
    }

    private var name: String { move.newName("istiod") }
    private var deploymentPath: String { Move.deploymentPath(name, in: "istio-system") }
    private var paths: [String] { [deploymentPath, APIPath.istioOperators] + Move.webhookPaths }

    private func requireAvailable(_ deployment: JSON, _ view: ClusterView) throws(Pause) {
        guard !deployment.isTerminating else { throw .gone("\(name) is being deleted") }
        if let complaint = Rollout(of: deployment, kind: "Deployment").complaint {
            throw .unwell("\(name): \(complaint)")
        }
        let endpoints = try view.endpoints()
        guard endpoints.ready(name, in: "istio-system") > 0 else {
            throw .unwell("Service istio-system/\(name) has no ready endpoint")
        }
    }

    /// What goes already is not to be gone back to.
    private func requireStaying(_ view: ClusterView) throws(Pause) {
        let operators = try view.optionalList(APIPath.istioOperators) ?? []
        let going = IstioOperatorResource.unmanaged(operators, of: move.revision)
            .map(\.object).filter(\.isTerminating)
        guard going.isEmpty else {
            throw .gone("IstioOperator \(going.map(\.qualifiedName).summary) is being deleted")
        }
    }

    private func requireInjector(_ view: ClusterView) throws(Pause) {
        guard let injector = try move.injection(view).own(move.revision) else {
            throw .gone("\(move.revision) has no injector")
        }
        guard injector.hasCertificates else { throw .unwell("\(injector.name) has no caBundle") }
        if let complaint = try move.webhookComplaints(view).first { throw .unwell(complaint) }
        guard needsDefault, try !hasTagOfBefore(view) else { return }
        try requireDefault(injector, view)
    }

    private func hasTagOfBefore(_ view: ClusterView) throws(Pause) -> Bool {
        guard pointsTagBack, let tag = try move.injection(view).defaultTag else { return false }
        return !DefaultTagDraft.isDraft(tag)
    }

    private func requireDefault(
        _ injector: InjectorConfiguration, _ view: ClusterView
    ) throws(Pause) {
        guard let restored = injector.reactivated else {
            throw .unwell(
                "\(injector.name) is out of service, and no annotation \(SelectorNote.annotation) "
                    + "tells what it selected; have its operator or chart write it anew")
        }
        let injection = Injection(configurations: [restored.object])
        guard !injection.defaultInjectors(of: move.revision).isEmpty else {
            throw .unwell("\(injector.name) injects only where somebody names \(move.revision)")
        }
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            proof: "\(name) is available and not being deleted, its Service has endpoints, and "
                + "its injector has a caBundle")
    }
}

extension Pause {
    fileprivate static func gone(_ words: String) -> Pause {
        .failed(Failure(.blocked, "the old control plane is gone: \(words)"))
    }

    fileprivate static func unwell(_ words: String) -> Pause {
        .failed(Failure(.blocked, "the old control plane is not well: \(words)"))
    }
}
