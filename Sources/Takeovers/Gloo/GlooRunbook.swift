public import FleetModel

/// From an unmanaged Istio to one that Gloo's lifecycle managers run.
///
/// ```
///   prepare    the new revision is installed and tested beside the old one; nobody sees it
///   takeover   the new one becomes the default, or namespaces name it; workloads and gateways
///              move over
///   retire     proof that the old one is unused, then it goes; there is no way back
/// ```
public enum GlooRunbook: Runbook {
    public static let form = RunbookForm(
        "gloo",
        manifests: GlooManifestRole.allCases.map {
            RunbookForm.Manifest($0.rawValue, isNeeded: $0 == .controlPlane)
        }, needsManagement: true)

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        RunbookOutline(
            name,
            phases: GlooPhase.allCases.map { phase in
                RunbookOutline.PhaseOutline(
                    phase.rawValue, steps: phase.steps(of: takeover).map(\.outline))
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        let gloo = GlooSituation(situation)
        let recipes =
            phase == RunbookOutline.rollbackPhase
            ? GlooWayBack(gloo).recipes
            : (GlooPhase(rawValue: phase)?.steps(of: situation.takeover) ?? [])
                .map { $0.recipe(gloo) }
        return recipes.map { $0.step(pollingEvery: gloo.move.settings.poll) }
    }

    public static func wayBack(for takeover: Takeover) -> WayBack {
        GlooWayBack.way(for: GlooSettings(takeover.parameters))
    }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(GlooSituation(situation).move)
    }

    public static let checks = GlooPreflight.checks

    public static func preflight(
        in situation: Situation, _ context: StepContext
    ) -> PreflightAnswer {
        Preflight(review: GlooReview(gloo: GlooSituation(situation))).answer(ClusterView(context))
    }

    public static func problems(in takeover: Takeover) -> [TakeoverProblem] {
        GlooProblems(takeover).all
    }
}
