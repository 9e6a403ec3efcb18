import FleetModel

/// How an upgrade by the sail operator is taken back, as long as the old revision is there.
///
/// ```
///   check ─▶ lock ─▶ Istio, namespaces, tags ─▶ workloads, in reverse
/// ```
///
/// The Istio resource goes first: its active revision is never removed, whoever uses it, so the
/// old one is safe from then on.
struct SailWayBack {
    private let settings: SailSettings

    init(_ takeover: Takeover) { settings = SailSettings(takeover) }

    var way: WayBack {
        guard settings.isInPlace else { return .steps(outlines, until: [Self.end]) }
        return .none(
            because: "the operator changed the one control plane there was",
            hint: "write a takeover in place with the version of before, and run it")
    }

    private static let end = WayBack.End(
        SailPhase.retire.rawValue, AwaitOldRevision.outline.name,
        because: "the operator removed its old control plane, or was waited for to do so")

    private var outlines: [StepOutline] {
        [CheckOldPlane.outline, TakeLock.outline, ReturnIstio.outline]
            + (settings.relabelsNamespaces ? [Returning.namespaces] : [])
            + [Returning.revisionTags, Returning.tags, Returning.workloads]
            + [CheckMovedBack.outline, ReleaseLock.outline]
    }

    func recipes(_ sail: SailSituation) -> [any StepRecipe] {
        let (move, back) = (sail.move, sail.back.move)
        return [
            CheckOldPlane(move: back, needsDefault: false), TakeLock(move: move),
            ReturnIstio(back: sail.back),
        ]
            + (settings.relabelsNamespaces
                ? [Returning(Returning.namespaces, by: RelabelNamespaces(move: back))] : [])
            + [
                Returning(Returning.revisionTags, by: MoveRevisionTags(sail: sail.back)),
                Returning(Returning.tags, by: MoveTags(move: back)),
                Returning(Returning.workloads, by: RestartWorkloads(move: back)),
                CheckMovedBack(move: back), ReleaseLock(move: move),
            ]
    }
}
