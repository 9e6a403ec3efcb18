import FleetModel

/// Looks for pods that came up while nobody injected (B07).
struct FindBareWorkloads: StepRecipe {
    static let outline = StepOutline(
        "find-bare-workloads", title: "see which pods came up without a sidecar",
        interrupt: .finishOrRollBack, endsAtSafePoint: false)
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(BareWorkloads.paths + [Baseline.path])
        let known = try Baseline.saved(view)?.bare ?? []
        let bare = try BareWorkloads(view, bigBang.move).owners.map(\.description)
            .filter { !known.contains($0) }
        guard !bare.isEmpty else { return .done("every pod that asks for a sidecar has one") }
        return .done("without a sidecar, to be restarted first: \(bare.summary)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(BareWorkloads.paths + [Baseline.path]),
            proof: "it is known which workloads have to be restarted first")
    }
}
