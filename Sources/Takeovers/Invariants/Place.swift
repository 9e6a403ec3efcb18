import FleetModel

/// Where in its runbook a step stands, as far as the invariants have to know.
struct Place: Hashable, Sendable {
    let injector: ExpectedInjector
    let exemptions: Set<Exemption>
    /// Whether the move's own gateways serve by now.
    let hasGateways: Bool

    /// Who is to answer for new pods that name no revision.
    enum ExpectedInjector: Hashable, Sendable {
        /// The old revision, until a step says otherwise.
        case old
        /// The one or the other: the change is being made.
        case changing
        case new
        /// Whoever it was: the runbook does not change it.
        case same
        /// Likewise the one or the other, or nobody so far, which may be why it is taken back.
        case returning
    }
}

extension Place {
    /// The steps that lead new pods to the new revision.
    private static let flips: Set<String> = [
        Activate.outline.name, DeactivateOldInjector.outline.name, MoveTags.outline.name,
        RelabelNamespaces.outline.name, MoveRevisionTags.outline.name,
        ChangeValues.stepOne.name, CheckNewMesh.outline.name,
    ]

    /// The places of a phase's steps, in their order: the runbook's, and a takeover's own
    /// among them.
    static func all(
        of names: [String], own: Set<String>, phase: String, in outline: RunbookOutline
    ) -> [Place] {
        let ordered = outline.phases.map { ($0.name, $0.steps.map(\.name)) }
        let flipsOfAll = ordered.contains { $0.1.contains(where: flips.contains) }
        let (first, last) = (
            names.firstIndex(where: flips.contains), names.lastIndex(where: flips.contains)
        )
        let isWayBack = phase == RunbookOutline.rollbackPhase
        let isBefore = ordered.prefix { $0.0 != phase }.allSatisfy { phase in
            !phase.1.contains(where: flips.contains)
        }
        var exemptions: Set<Exemption> = []
        let spans = Exemption.bySpan(of: names)
        return names.indices.map { index in
            if !own.contains(names[index]) { exemptions = Exemption.byStep[names[index]] ?? [] }
            let injector: ExpectedInjector =
                if !flipsOfAll { .same } else if isWayBack {
                    .returning
                } else if let first, let last {
                    index < first ? .old : index < last ? .changing : .new
                } else { isBefore ? .old : .new }
            return Place(
                injector: injector, exemptions: exemptions.union(spans[index]),
                hasGateways: !isWayBack && phase != RunbookOutline.phaseNames.first)
        }
    }
}
