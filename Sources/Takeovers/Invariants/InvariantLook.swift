import FleetModel

/// One look at a cluster: what each invariant found.
struct InvariantLook: Sendable {
    let facts: [any Invariant]

    init(facts: [any Invariant]) { self.facts = facts }

    init(
        _ kinds: [InvariantKind], _ view: ClusterView, _ watch: StepWatch
    ) throws(Pause) {
        try view.require(kinds.flatMap { $0.invariant.readings(watch) }.uniqued)
        var facts: [any Invariant] = []
        for kind in kinds { facts.append(try kind.invariant.init(view, watch)) }
        self.facts = facts
    }

    /// In the order of the invariants.
    func violations(since before: InvariantLook?) -> [Violation] {
        facts.flatMap { $0.violations(among: before?.facts) }
    }
}

extension [Reading] {
    /// Each once, in the order of its first mention.
    fileprivate var uniqued: [Reading] {
        var seen: Set<Reading> = []
        return filter { seen.insert($0).inserted }
    }
}
