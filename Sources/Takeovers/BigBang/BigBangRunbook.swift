public import FleetModel

/// Big Bang's Istio, from the packages of its operator to those of Helm.
///
/// ```
///   prepare    everything is well, and routes name both gateways; nobody sees it
///   takeover   the values change twice; in between nobody comes in from outside
///   retire     what is left over goes, and git rules again
/// ```
public enum BigBangRunbook: Runbook {
    public static let form = RunbookForm("bigbang", isInPlace: true)

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        // What the steps are does not depend on the cluster.
        let bigBang = BigBangSituation(
            Situation(
                takeover: takeover, cluster: Cluster("any"), management: nil, run: "any", epoch: 0))
        return RunbookOutline(
            name,
            phases: BigBangPhase.allCases.map { phase in
                RunbookOutline.PhaseOutline(
                    phase.rawValue, steps: phase.recipes(bigBang).map(\.outline))
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        let bigBang = BigBangSituation(situation)
        return (BigBangPhase(rawValue: phase)?.recipes(bigBang) ?? [])
            .map { $0.step(pollingEvery: bigBang.move.settings.poll) }
    }

    /// Before step 1 nothing was changed but routes, which name gateways that nobody knows yet:
    /// that harms nothing. From step 1 on the operator prunes the old mesh, and what is left of
    /// it depends on how far it came.
    public static func wayBack(for takeover: Takeover) -> WayBack {
        .none(
            because: "its first values have Big Bang's own operator remove the old mesh, gateways "
                + "and addresses included",
            hint: "fix forward with `bellwether resume`; while the old mesh is whole, "
                + "`bellwether plan … --explain CLUSTER` prints how its values are set again")
    }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(BigBangSituation(situation).move)
    }

    public static let checks = BigBangPreflight.checks

    public static func preflight(
        in situation: Situation, _ context: StepContext
    ) -> PreflightAnswer {
        Preflight(review: BigBangReview(bigBang: BigBangSituation(situation)))
            .answer(ClusterView(context))
    }

    public static func problems(in takeover: Takeover) -> [TakeoverProblem] {
        BigBangProblems(takeover).all
    }
}
