import FleetModel

/// Holds the roots of trust against those of before (B.8), twice.
///
/// ```
///   gateways up ─▶ another root: alarm, no other cluster begins ─▶ restarts ─▶ failed
///               └▶ same root ────────────────────────────────────▶ restarts ─▶ done
/// ```
///
/// Same root: a `CERTIFICATE_VERIFY_FAILED` comes from proxies that have not been restarted.
/// Another root: until they are, the new gateways can't talk to them, so this cluster goes on. In
/// the end it is whole again, but no other should follow before somebody knows why.
struct CheckTrust: StepRecipe {
    static let early = StepOutline(
        "check-roots", title: "see whether the new control plane brought another root of trust")
    static let outline = StepOutline(
        "check-trust", title: "hold the roots of trust against those of before")

    enum Moment: Hashable, Sendable { case beforeRestarts, afterRestarts }

    let moment: Moment
    let bigBang: BigBangSituation

    var outline: StepOutline { moment == .beforeRestarts ? Self.early : Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(TrustChange.paths)
        guard let before = try Baseline.saved(view)?.roots else {
            throw .terminal(Baseline.lossWords)
        }
        guard !before.isEmpty else {
            return .done("nobody saved which roots there were before")
        }
        guard let change = TrustChange(from: before, to: try Baseline.roots(view)) else {
            return .done("the roots of before are trusted as they were")
        }
        guard !bigBang.settings.allowsNewRoot else { return .done(change.words) }
        throw .failed(failure(of: change))
    }

    private func failure(of change: TrustChange) -> Failure {
        switch moment {
        case .beforeRestarts:
            Failure(
                .alarm,
                "\(change.words), which is done next. No other cluster begins: see what became of "
                    + "the Secret istio-system/istio-ca-secret")
        case .afterRestarts:
            Failure(
                .terminal,
                "\(change.words). The workloads of this cluster have been; see what became of the "
                    + "Secret istio-system/istio-ca-secret before any other cluster follows, or "
                    + "set allowNewRoot")
        }
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(TrustChange.paths),
            proof: "every root of trust of before is still trusted")
    }
}
