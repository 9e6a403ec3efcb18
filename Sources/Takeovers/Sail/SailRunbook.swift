public import FleetModel

/// From one version of Istio to the next, by the sail operator.
///
/// ```
///   prepare    the operator brings up the new version, which is tested
///   takeover   tags and namespaces lead to the new one, workloads move over
///   retire     proof that the old one is unused; the operator removes it
/// ```
public enum SailRunbook: Runbook {
    public static let form = RunbookForm("sail", mayBeInPlace: true)

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        RunbookOutline(
            name,
            phases: SailPhase.allCases.map { phase in
                RunbookOutline.PhaseOutline(
                    phase.rawValue, steps: phase.steps(of: takeover).map(\.outline))
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        let sail = SailSituation(situation)
        let recipes =
            phase == RunbookOutline.rollbackPhase
            ? SailWayBack(situation.takeover).recipes(sail)
            : (SailPhase(rawValue: phase)?.steps(of: situation.takeover) ?? [])
                .map { $0.recipe(sail) }
        return recipes.map { $0.step(pollingEvery: sail.move.settings.poll) }
    }

    public static func wayBack(for takeover: Takeover) -> WayBack {
        SailWayBack(takeover).way
    }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(SailSituation(situation).move)
    }

    public static let checks = SailReview.checks

    public static func preflight(
        in situation: Situation, _ context: StepContext
    ) -> PreflightAnswer {
        Preflight(review: SailReview(sail: SailSituation(situation))).answer(ClusterView(context))
    }

    public static func problems(in takeover: Takeover) -> [TakeoverProblem] {
        SailProblems(takeover).all
    }
}
