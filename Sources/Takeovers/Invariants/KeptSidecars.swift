import FleetModel

/// I3: no owner's pods have lost their proxies.
///
/// An owner with fewer pods has lost none: fewer are wanted. One whose pods came up without a
/// proxy, where pods had one before, has.
struct KeptSidecars: Invariant {
    static let kind = InvariantKind.sidecars

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

    func violations(since before: KeptSidecars?) -> [Violation] {
        let known = before?.owners.sorted { $0.key < $1.key } ?? []
        return known.compactMap { owner, earlier in
            guard let now = owners[owner], now.proxied < earlier.proxied, now.bare > earlier.bare
            else { return nil }
            return Violation(
                kind: Self.kind, claim: "\(owner) lost its sidecars",
                detail: "\(now.bare) of \(now.staying) pods have none", tolerance: .seconds(30))
        }
    }
}
