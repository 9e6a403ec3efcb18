import FleetModel

/// Saves what step 1 takes away and later steps need (B00).
///
/// ```
///   old mesh there ─▶ saved as it is now
///   going, or gone ─┬▶ saved before: left alone
///                   └▶ never saved: noted, so that nobody looks for it later
/// ```
struct SaveBaseline: StepRecipe {
    static let outline = StepOutline(
        "save-baseline", title: "save addresses, roots and resources of the old mesh")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading] + .paths(Baseline.paths))
        let packages = try BigBangPackages(view)
        guard isThere(packages) else { return try rest(view) }
        let now = try Baseline(view, for: bigBang.move)
        guard try Baseline.saved(view) == now else {
            return .notDone("the baseline has not been saved as the cluster is now")
        }
        return .done("ConfigMap \(BigBangPackages.namespace)/\(Baseline.name) has the baseline")
    }

    private func isThere(_ packages: BigBangPackages) -> Bool {
        packages.istio.map { !$0.object.isTerminating } ?? false
    }

    private func rest(_ view: ClusterView) throws(Pause) -> Observation {
        guard try Baseline.saved(view) == nil else {
            return .done("the old mesh is gone already, so there is nothing to save")
        }
        return .notDone("the old mesh was gone before anything of it was saved")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let baseline =
            try isThere(BigBangPackages(view)) ? Baseline(view, for: bigBang.move) : Baseline.late
        return [baseline.application(bigBang.kubectl)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(Baseline.paths),
            acts: [Baseline.empty.application(bigBang.kubectl)],
            proof: "ConfigMap \(BigBangPackages.namespace)/\(Baseline.name) says how the cluster is"
        )
    }
}
