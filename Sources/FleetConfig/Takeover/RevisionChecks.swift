import FleetModel

/// Notes revisions that no takeover can move to.
struct RevisionChecks {
    let section: Section<TakeoverKey>
    /// Whether the runbook changes a control plane in its place.
    let isInPlace: Bool
    /// Whether it may.
    let mayBeInPlace: Bool

    func check(_ takeover: Takeover) {
        let (new, old) = (takeover.revision, takeover.oldRevision)
        let place = section.place(of: .revision)
        if isInPlace {
            guard new != old else { return }
            section.log.note(.otherRevision(new.rawValue, than: old.rawValue, at: place))
        } else if new == old {
            guard !mayBeInPlace else { return }
            section.log.note(.sameRevision(new.rawValue, at: place))
        } else if Self.reserved.contains(new) {
            section.log.note(.reservedRevision(new.rawValue, at: place))
        }
    }

    /// `default` names an installation without a revision, so that nothing could be installed
    /// beside it; `auto` lets Gloo choose a name that we then could not ask for.
    private static let reserved: Set<Revision> = [.unnamed, "auto"]
}
