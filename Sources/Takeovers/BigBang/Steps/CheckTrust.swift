import FleetModel

/// Holds the roots of trust against those of before (B.8).
///
/// Same root: a `CERTIFICATE_VERIFY_FAILED` comes from proxies that have not been
/// restarted, which is over by now. Another root: this cluster is whole again, since
/// everything was restarted, but no other cluster should follow before somebody knows why.
struct CheckTrust: StepRecipe {
    static let outline = StepOutline(
        "check-trust", title: "hold the roots of trust against those of before")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    private static let paths = [APIPath.rootCertificates, Baseline.path]

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(Self.paths)
        let now = try Baseline.roots(view)
        guard let before = try Baseline.saved(view)?.roots, !before.isEmpty else {
            return .done("nobody saved which roots there were before")
        }
        let lost = before.filter { !now.contains($0) }
        guard !lost.isEmpty else { return .done("the roots of before are trusted as they were") }
        let words =
            "the root of trust has changed (\(lost.short) is gone, \(now.short) came): proxies of "
            + "before fail with CERTIFICATE_VERIFY_FAILED until they are restarted"
        guard !bigBang.settings.allowsNewRoot else { return .done(words) }
        throw .terminal(
            "\(words). The workloads of this cluster have been; see what became of the Secret "
                + "istio-system/istio-ca-secret before any other cluster follows, or set "
                + "allowNewRoot")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(Self.paths), proof: "every root of trust of before is still trusted")
    }
}
