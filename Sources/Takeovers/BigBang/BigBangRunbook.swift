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
        let recipes =
            phase == RunbookOutline.rollbackPhase
            ? BigBangWayBack.recipes(bigBang)
            : BigBangPhase(rawValue: phase)?.recipes(bigBang) ?? []
        return recipes.map { $0.step(pollingEvery: bigBang.move.settings.poll) }
    }

    public static func wayBack(for takeover: Takeover) -> WayBack { BigBangWayBack.way }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(BigBangSituation(situation).move, sparing: BigBangVariant.isNothingToDo)
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
