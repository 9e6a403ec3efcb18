import FleetModel

/// How a Gloo takeover is taken back, as long as the old revision is there.
///
/// ```
///   check ─▶ lock ─┬▶ old injector back ─▶ default back ─┬▶ workloads, in reverse ─▶ gateways ─▶ …
///                  └▶ namespaces say what they said ─────┘
/// ```
///
/// What `prepare` added stays: nobody sees it, and the next takeover begins with it.
struct GlooWayBack {
    private let gloo: GlooSituation

    init(_ gloo: GlooSituation) { self.gloo = gloo }

    static func way(for settings: GlooSettings) -> WayBack {
        let flips =
            settings.relabelsNamespaces
            ? [Returning.namespaces] : [ReactivateOldInjector.outline, ReturnDefault.outline]
        let addresses = settings.leadsByDNS ? [Returning.addresses] : []
        return .steps(
            [CheckOldPlane.outline, TakeLock.outline] + flips
                + [Returning.workloads, Returning.gateways] + addresses
                + [CheckMovedBack.outline, ReleaseLock.outline],
            until: [end])
    }

    private static let end = WayBack.End(
        GlooPhase.retire.rawValue, RemoveOldResources.gateways.name,
        because: "its old gateways and control plane were removed, or have begun to be")

    var recipes: [any StepRecipe] {
        let (move, back) = (gloo.move, gloo.move.back)
        let start: [any StepRecipe] = [
            CheckOldPlane(move: back, needsDefault: needsDefault), TakeLock(move: move),
        ]
        return start + flips + [
            Returning(Returning.workloads, by: RestartWorkloads(move: back)),
            Returning(Returning.gateways, by: SwitchGateways(gloo: gloo.back)),
        ] + addresses + [CheckMovedBack(move: back), ReleaseLock(move: move)]
    }

    /// Nobody waits for the records on the way back: both gateways serve.
    private var addresses: [any StepRecipe] {
        guard gloo.settings.leadsByDNS else { return [] }
        let source = GlooAddresses(gloo: gloo, isBack: true)
        return [Returning(Returning.addresses, by: PublishAddresses(source: source))]
    }

    /// A revision with a name need not have been the default where namespaces were given names.
    private var needsDefault: Bool {
        !gloo.settings.relabelsNamespaces || gloo.move.old == .unnamed
    }

    private var flips: [any StepRecipe] {
        let back = gloo.move.back
        guard !gloo.settings.relabelsNamespaces else {
            return [
                Returning(
                    Returning.namespaces, by: RelabelNamespaces(move: back, takesDefault: true))
            ]
        }
        return [ReactivateOldInjector(move: back), defaultRecipe]
    }

    private var defaultRecipe: any StepRecipe {
        guard let manifest = gloo.manifest(.controlPlane) else {
            return ImpossibleStep(
                outline: ReturnDefault.outline,
                reason: "the takeover has no manifest of the control plane")
        }
        return ReturnDefault(
            gloo: gloo, managed: ManagedInstallation(manifest: manifest, gloo: gloo))
    }
}
