import FleetModel

/// I8: no definition of Istio's resources is gone. With it, every object of the kind would be.
struct IstioDefinitions: Invariant {
    static let kind = InvariantKind.definitions

    private let names: Set<String>

    static func readings(_ watch: StepWatch) -> [Reading] { .paths([APIPath.definitions]) }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let excusesOperator = watch.excuses(.operatorDefinition)
        names = Set(
            try view.list(APIPath.definitions).filter { !$0.isTerminating }.map(\.name)
                .filter { name in
                    name.hasSuffix(".istio.io")
                        && !(excusesOperator && name.hasSuffix(".install.istio.io"))
                })
    }

    var kept: JSON { JSON(names) }

    init?(kept: JSON) {
        guard let names = kept.texts else { return nil }
        self.names = Set(names)
    }

    func violations(since before: IstioDefinitions?) -> [Violation] {
        let gone = (before?.names ?? []).subtracting(names).sorted()
        guard !gone.isEmpty else { return [] }
        return [
            Violation(
                kind: Self.kind, claim: "definitions of Istio's resources are gone",
                detail: "\(gone.summary), and every object of theirs")
        ]
    }
}
