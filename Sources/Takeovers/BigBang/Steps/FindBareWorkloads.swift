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
        let bare = try BareWorkloads(view, bigBang.move).all
            .filter { !known.contains($0.owner.description) }
        guard !bare.isEmpty else { return .done("every pod that asks for a sidecar has one") }
        return .done("without a sidecar" + restarted(bare) + left(bare))
    }

    private func restarted(_ bare: [Workload]) -> String {
        let names = bare.filter { $0.obstacle == nil }.map { "\($0.owner)" }
        return names.isEmpty ? "" : ", to be restarted first: \(names.summary)"
    }

    /// Jobs, bare pods and the like, which somebody else has to bring anew.
    private func left(_ bare: [Workload]) -> String {
        let names = bare.compactMap { workload in
            workload.obstacle.map { "\(workload.owner) (\($0))" }
        }
        return names.isEmpty ? "" : ", not restarted by us: \(names.summary)"
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(BareWorkloads.paths + [Baseline.path]),
            proof: "it is known which workloads have to be restarted first")
    }
}
