public import FleetModel

/// From an unmanaged Istio to one that Gloo's lifecycle managers run.
///
/// ```
///   prepare    the new revision is installed and tested beside the old one; nobody sees it
///   takeover   the new one becomes the default, workloads and gateways move over
///   retire     proof that the old one is unused, then it goes; there is no way back
/// ```
public enum GlooRunbook: Runbook {
    public static let form = RunbookForm(
        "gloo",
        manifests: GlooManifestRole.allCases.map {
            RunbookForm.Manifest($0.rawValue, isNeeded: $0 == .controlPlane)
        }, needsManagement: true)

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        let roles = Set(takeover.manifests.keys)
        return RunbookOutline(
            name,
            phases: GlooPhase.allCases.map { phase in
                let steps = phase.steps.filter { $0.isNeeded(roles) }
                return RunbookOutline.PhaseOutline(phase.rawValue, steps: steps.map(\.outline))
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        let gloo = GlooSituation(situation)
        let roles = Set(situation.takeover.manifests.keys)
        guard phase != RunbookOutline.rollbackPhase else {
            return GlooWayBack.recipes(gloo).map { $0.step(pollingEvery: gloo.move.settings.poll) }
        }
        return (GlooPhase(rawValue: phase)?.steps ?? [])
            .filter { $0.isNeeded(roles) }
            .map { $0.recipe(gloo).step(pollingEvery: gloo.move.settings.poll) }
    }

    public static func wayBack(for takeover: Takeover) -> WayBack { GlooWayBack.way }

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
