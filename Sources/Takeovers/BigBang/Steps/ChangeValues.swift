import FleetModel

/// Switches Big Bang's packages, by changing the values of the parent release (B04, B08).
///
/// From the first change on there is no safe point until the gateways are back.
struct ChangeValues: StepRecipe {
    static let stepOne = StepOutline(
        "step-1-values", title: "switch the old mesh off and the new control plane on",
        interrupt: .finishOrRollBack, endsAtSafePoint: false)
    static let stepTwo = StepOutline(
        "step-2-values", title: "switch the operator off and the gateways on",
        interrupt: .finishOrRollBack, endsAtSafePoint: false)

    let stage: ValuesStage
    let bigBang: BigBangSituation

    var outline: StepOutline { stage == .one ? Self.stepOne : Self.stepTwo }
    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    private var delivery: ValuesDelivery { ValuesDelivery(stage: stage, bigBang: bigBang) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(delivery.readings)
        let packages = try BigBangPackages(view)
        if packages.variant == .nothingToDo { return .done(BigBangVariant.nothingToDoWords) }
        if stage.isReached(packages) { return try end(packages, view) }
        switch try delivery.progress(packages, view) {
        case .made: return try progress(packages)
        case .toRead: return .notDone("HelmRelease bigbang is to read what was committed")
        case .waiting(let words): return .partial(words)
        case .void(let words) where view.context.hasActed: return try void(words, view)
        case .void, .toRun: break
        }
        try requireReadiness(packages, view)
        if let obstacle = try delivery.obstacle(packages, view) { throw .terminal(obstacle) }
        return .notDone("the values of \(stage.rawValue) have not been delivered")
    }

    /// What Flux reads is not looked at in one moment: what it lacks has to stay so before it is
    /// held against the hook. Another attempt runs the hook again.
    private func void(_ words: String, _ view: ClusterView) throws(Pause) -> Observation {
        if view.context.settled.contains(words) { throw .terminal(words) }
        return .settling(item: words, for: .seconds(30), fingerprint: "")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try delivery.commands(BigBangPackages(view), view)
    }

    /// Flux was told; whether it likes it is for the parent to say.
    private func progress(_ packages: BigBangPackages) throws(Pause) -> Observation {
        let state = delivery.state(packages)
        if delivery.chance.isDue(for: packages.parent) {
            return .notDone("HelmRelease bigbang is \(state)")
        }
        switch state {
        case .failed(let words), .stalled(let words):
            throw .terminal("HelmRelease bigbang: \(words)")
        case .suspended: throw .terminal("HelmRelease bigbang is suspended")
        default: return .partial("HelmRelease bigbang is \(state)")
        }
    }

    private func end(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) -> Observation
    {
        guard packages.parent.state == .ready else { return try progress(packages) }
        if stage == .two, let lack = try operatorLack(packages, view) { return .partial(lack) }
        let words = "HelmRelease bigbang is ready with the values of \(stage.rawValue)"
        let other = try EffectiveValues(of: packages.parent, view)
            .contradiction(to: stage.lastingValues(packages.variant))
        return .done(words + (other.map { "; but what it reads by now says \($0)" } ?? ""))
    }

    /// What of the operator is still there; it must have nothing left to do by now.
    private func operatorLack(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) -> String? {
        let name = BigBangPackages.operatorNamespace
        if let release = packages.istioOperator {
            return "HelmRelease istio-operator is \(release.state)"
        }
        guard let namespace = try view.object(APIPath.namespace(name)) else { return nil }
        let remaining = namespace.condition("NamespaceFinalizersRemaining")
        let words = remaining?["status"]?.string == "True" ? remaining?["message"]?.string : nil
        return "namespace \(name) is still there" + (words.map { ": \($0)" } ?? "")
    }

    // MARK: - Before anything is changed

    private func requireReadiness(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) {
        switch stage {
        case .one: try requireOldMesh(packages, view)
        case .two:
            try NewMesh(bigBang).requireWhole(packages, view)
        }
    }

    /// Only a running operator can take the old mesh away.
    private func requireOldMesh(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) {
        if let complaint = packages.complaint(about: [packages.parent]) {
            throw .unclear(complaint)
        }
        if packages.istio == nil { throw .terminal("there is no HelmRelease istio to switch off") }
        guard try OperatorHealth(view).isAlive else {
            throw .terminal(
                "no istio-operator runs in \(BigBangPackages.operatorNamespace): without it the "
                    + "finalizer of the IstioOperator would stay for ever")
        }
    }

    var preview: StepPreview {
        StepPreview(
            reads: delivery.readings, acts: delivery.preview,
            proof: stage == .one
                ? "HelmRelease bigbang is ready, istio is going, and the releases of the new "
                    + "control plane are there"
                : "HelmRelease bigbang is ready, istio-operator and its namespace are gone, and "
                    + "the releases of the gateways are there",
            compensation: delivery.compensation)
    }
}
