import FleetModel

/// How an upgrade is taken back, as long as the old control plane is there.
///
/// ```
///   check ─▶ lock ─▶ injector, namespaces, tags ─▶ workloads, in reverse ─▶ gateways ─▶ ztunnel
/// ```
///
/// Only where the default moved there is an injector to be put back into service. The new
/// control plane and the definitions of resources stay: nobody sees the one, and the others are
/// never taken back. The CNI's agents stay, too: they ask no istiod.
struct RevisionWayBack {
    private let settings: RevisionSettings

    init(_ takeover: Takeover) { settings = RevisionSettings(takeover) }

    var way: WayBack {
        .steps(outlines, until: [Self.end])
    }

    private static let end = WayBack.End(
        RevisionPhase.retire.rawValue, RemoveOldRelease.outline.name,
        because: "its old control plane was removed, or has begun to be")

    private var outlines: [StepOutline] {
        [CheckOldPlane.outline, TakeLock.outline]
            + (settings.movesDefault ? [ReactivateOldInjector.outline] : [])
            + (settings.relabelsNamespaces ? [Returning.namespaces] : [])
            + [Returning.tags, Returning.workloads]
            + (settings.gateways.isEmpty ? [] : [Returning.gateways])
            + (settings.chart(.ztunnel) == nil ? [] : [Returning.tunnel])
            + [CheckMovedBack.outline, ReleaseLock.outline]
    }

    func recipes(_ revision: RevisionSituation) -> [any StepRecipe] {
        let (move, back) = (revision.move, revision.move.back)
        let gateways = ReturnGateways(revision: revision)
        let check = CheckOldPlane(
            move: back, needsDefault: settings.isUnrevisioned, pointsTagBack: true)
        return [check, TakeLock(move: move)]
            + (settings.movesDefault ? [ReactivateOldInjector(move: back.ofDefault)] : [])
            + (settings.relabelsNamespaces
                ? [Returning(Returning.namespaces, by: relabelling(back))] : [])
            + [
                Returning(Returning.tags, by: tags(back)),
                Returning(Returning.workloads, by: RestartWorkloads(move: back)),
            ] + (settings.gateways.isEmpty ? [] : [gateways])
            + tunnel(revision)
            + [CheckMovedBack(move: back), ReleaseLock(move: move)]
    }

    private func tunnel(_ revision: RevisionSituation) -> [any StepRecipe] {
        guard let upgrade = revision.upgrade(ofAgent: .ztunnel) else { return [] }
        return [ReturnTunnel(move: revision.move, comeback: revision.comeback(of: upgrade.release))]
    }

    private func relabelling(_ back: Move) -> RelabelNamespaces {
        RelabelNamespaces(move: back, takesDefault: settings.relabelsDefault)
    }

    private func tags(_ back: Move) -> MoveTags {
        MoveTags(move: back, draftsDefault: settings.movesDefault)
    }
}
