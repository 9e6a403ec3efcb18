import FleetModel

/// Waits until the old mesh has been taken away by its operator (B05).
struct AwaitOldGone: StepRecipe {
    static let outline = StepOutline(
        "old-gone", title: "wait until the operator has taken the old mesh away",
        interrupt: .finishOrRollBack, endsAtSafePoint: false)
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))

    private static let paths = [APIPath.istioOperators, APIPath.deployments]
    private static let resource = "istiocontrolplane"

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading] + .paths(Self.paths))
        let packages = try BigBangPackages(view)
        let left = try (view.optionalList(APIPath.istioOperators) ?? [])
            .filter { $0.namespace == BigBangPackages.istioNamespace }
            .map(IstioOperatorResource.init).filter { !$0.isIgnored }
        guard packages.istio != nil || !left.isEmpty else {
            return .done("HelmRelease istio and its IstioOperator are gone")
        }
        if let stuck = left.first(where: { $0.object.isTerminating }) {
            return try removal(of: stuck, view)
        }
        if let resource = left.first {
            return .partial("IstioOperator \(resource.object.qualifiedName) is still there")
        }
        return .partial("HelmRelease istio is \(packages.istio?.state.description ?? "gone")")
    }

    /// A resource on its way out waits for its operator; one that stays away is told.
    private func removal(
        of resource: IstioOperatorResource, _ view: ClusterView
    ) throws(Pause) -> Observation {
        let name = "IstioOperator \(resource.object.qualifiedName)"
        guard try !OperatorHealth(view).isAlive else {
            let words = resource.errors.isEmpty ? "" : ": \(resource.errors.summary)"
            return .partial("\(name) is being removed\(words)")
        }
        let item =
            "\(name) can't go: no istio-operator runs in "
            + "\(BigBangPackages.operatorNamespace) to clear its finalizer. Bring the operator "
            + "back; taking the finalizer off by hand leaves the old mesh behind"
        if view.context.settled.contains(item) { throw .terminal(item) }
        return .settling(item: item, for: Self.grace, fingerprint: "")
    }

    /// Long enough for an operator that was only being moved to another node.
    private static let grace = Duration.minutes(2)

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading] + .paths(Self.paths),
            proof: "HelmRelease istio and IstioOperator "
                + "\(BigBangPackages.istioNamespace)/\(Self.resource) are gone")
    }
}
