import FleetModel

/// Makes sure, before anything is touched, that the packages of the operator are still the ones
/// that run.
struct CheckOldMesh: StepRecipe {
    static let outline = StepOutline(
        "check-old-mesh", title: "check that the old mesh is whole", isBaseline: true)
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([BigBangPackages.reading])
        let packages = try BigBangPackages(view)
        guard let istio = packages.istio, !istio.object.isTerminating else {
            throw .failed(Failure(.blocked, "HelmRelease istio is gone, and the old mesh with it"))
        }
        if let complaint = packages.complaint(about: [istio]) {
            throw .failed(Failure(.blocked, "the old mesh is not well: \(complaint)"))
        }
        return .done("HelmRelease istio is ready")
    }

    var preview: StepPreview {
        StepPreview(
            reads: [BigBangPackages.reading],
            proof: "HelmRelease istio is ready and not being deleted")
    }
}
