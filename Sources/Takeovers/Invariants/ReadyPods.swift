import FleetModel

/// I4: no owner in the mesh has fewer ready pods than before, or than it wants by now.
///
/// Owners that are gone are not compared: teams remove what is theirs at any hour. Whose kind
/// does not say how many pods it wants, wants those that it had.
struct ReadyPods: Invariant {
    static let kind = InvariantKind.readiness

    static let part = OwnerFacts.part

    private let owners: [OwnerReference: OwnerFacts]

    static func readings(_ watch: StepWatch) -> [Reading] { OwnerFacts.readings }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        owners = try OwnerFacts.all(view)
    }

    var kept: JSON { OwnerFacts.kept(owners) }

    init?(kept: JSON) {
        guard let owners = OwnerFacts.all(kept: kept) else { return nil }
        self.owners = owners
    }

    func violations(since before: ReadyPods?) -> [Violation] {
        let known = before?.owners.filter { $0.value.proxied > 0 } ?? [:]
        return known.sorted { $0.key < $1.key }.compactMap { owner, earlier in
            guard let now = owners[owner] else { return nil }
            let needed = min(earlier.ready, now.wanted ?? earlier.ready)
            guard now.ready < needed else { return nil }
            let reasons = now.troubles.isEmpty ? "" : " (\(now.troubles.summary))"
            return Violation(
                kind: Self.kind, claim: "\(owner) has fewer ready pods than before",
                detail: "\(now.ready) instead of \(needed)\(reasons)",
                tolerance: now.isRolling ? Violation.rollout : Violation.restart)
        }
    }
}
