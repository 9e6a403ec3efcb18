import FleetModel

/// How an upgrade by Helm is taken back, as long as the old release is there.
///
/// ```
///   check ─▶ lock ─▶ namespaces, tags back ─▶ workloads, in reverse ─▶ gateways ─▶ …
/// ```
///
/// The new release and the definitions of resources stay: nobody sees the one, and the others
/// are never taken back.
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
            + (settings.relabelsNamespaces ? [Returning.namespaces] : [])
            + [Returning.tags, Returning.workloads]
            + (settings.gateways.isEmpty ? [] : [Returning.gateways])
            + [CheckMovedBack.outline, ReleaseLock.outline]
    }

    func recipes(_ revision: RevisionSituation) -> [any StepRecipe] {
        let (move, back) = (revision.move, revision.move.back)
        let gateways = ReturnGateways(revision: revision)
        return [CheckOldPlane(move: back, needsDefault: false), TakeLock(move: move)]
            + (settings.relabelsNamespaces
                ? [Returning(Returning.namespaces, by: RelabelNamespaces(move: back))] : [])
            + [
                Returning(Returning.tags, by: MoveTags(move: back)),
                Returning(Returning.workloads, by: RestartWorkloads(move: back)),
            ] + (settings.gateways.isEmpty ? [] : [gateways])
            + [CheckMovedBack(move: back), ReleaseLock(move: move)]
    }
}
