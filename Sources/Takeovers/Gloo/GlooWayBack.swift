import FleetModel

/// How a Gloo takeover is taken back, as long as the old revision is there.
///
/// ```
///   check ─▶ lock ─▶ old injector back ─▶ default back ─▶ workloads, in reverse ─▶ gateways ─▶ …
/// ```
///
/// What `prepare` added stays: nobody sees it, and the next takeover begins with it.
enum GlooWayBack {
    static var way: WayBack { .steps(outlines, until: [end]) }

    private static let outlines = [
        CheckOldPlane.outline, TakeLock.outline, ReactivateOldInjector.outline,
        ReturnDefault.outline, Returning.workloads, Returning.gateways, CheckMovedBack.outline,
        ReleaseLock.outline,
    ]

    private static let end = WayBack.End(
        GlooPhase.retire.rawValue, RemoveOldResources.gateways.name,
        because: "its old gateways and control plane were removed, or have begun to be")

    static func recipes(_ gloo: GlooSituation) -> [any StepRecipe] {
        let (move, back) = (gloo.move, gloo.move.back)
        return [
            CheckOldPlane(move: back, needsDefault: true), TakeLock(move: move),
            ReactivateOldInjector(move: back), defaultRecipe(gloo),
            Returning(Returning.workloads, by: RestartWorkloads(move: back)),
            Returning(Returning.gateways, by: SwitchGateways(gloo: gloo.back)),
            CheckMovedBack(move: back), ReleaseLock(move: move),
        ]
    }

    private static func defaultRecipe(_ gloo: GlooSituation) -> any StepRecipe {
        guard let manifest = gloo.manifest(.controlPlane) else {
            return ImpossibleStep(
                outline: ReturnDefault.outline,
                reason: "the takeover has no manifest of the control plane")
        }
        return ReturnDefault(
            gloo: gloo, managed: ManagedInstallation(manifest: manifest, gloo: gloo))
    }
}
