public import FleetModel

/// From one revision of upstream Istio to the next, by its Helm charts or by istioctl.
///
/// ```
///   prepare    the new revision is installed and tested beside the old one; nobody sees it
///   takeover   tags and namespaces lead to the new one, workloads and gateways move over
///   retire     proof that the old one is unused, then it goes; there is no way back
/// ```
public enum RevisionRunbook: Runbook {
    public static let form = RunbookForm(
        "revision",
        manifests: [
            RunbookForm.Manifest(valuesRole, isObject: false), RunbookForm.Manifest(profileRole),
        ])

    /// The values of the new istiod, by the name they have under `manifests`.
    static let valuesRole = "istiod"
    /// Likewise the IstioOperator from which istioctl installs it.
    static let profileRole = "profile"

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        RunbookOutline(
            name,
            phases: RevisionPhase.allCases.map { phase in
                RunbookOutline.PhaseOutline(
                    phase.rawValue, steps: phase.steps(of: takeover).map(\.outline))
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        let revision = RevisionSituation(situation)
        let recipes =
            phase == RunbookOutline.rollbackPhase
            ? RevisionWayBack(situation.takeover).recipes(revision)
            : (RevisionPhase(rawValue: phase)?.steps(of: situation.takeover) ?? [])
                .map { $0.recipe(revision) }
        return recipes.map { $0.step(pollingEvery: revision.move.settings.poll) }
    }

    public static func wayBack(for takeover: Takeover) -> WayBack {
        RevisionWayBack(takeover).way
    }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(RevisionSituation(situation).move)
    }

    public static let checks = RevisionReview.checks

    public static func preflight(
        in situation: Situation, _ context: StepContext
    ) -> PreflightAnswer {
        Preflight(review: RevisionReview(revision: RevisionSituation(situation)))
            .answer(ClusterView(context))
    }

    public static func problems(in takeover: Takeover) -> [TakeoverProblem] {
        RevisionProblems(takeover).all
    }
}
