import FleetModel

/// I7: the namespaces that the mesh, its managers and the cluster live in are there.
struct ProtectedNamespaces: Invariant {
    static let kind = InvariantKind.namespaces

    private let active: Set<String>
    private let ending: Set<String>

    static func readings(_ watch: StepWatch) -> [Reading] { .paths([APIPath.namespaces]) }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let namespaces = try view.namespaces()
            .filter { $0.isKept(by: watch.move) }
        active = Set(namespaces.filter(\.isActive).map(\.name))
        ending = Set(namespaces.filter { !$0.isActive }.map(\.name))
    }

    var kept: JSON { JSON(active) }

    init?(kept: JSON) {
        guard let active = kept.texts else { return nil }
        (self.active, ending) = (Set(active), [])
    }

    func violations(since before: ProtectedNamespaces?) -> [Violation] {
        let gone = (before?.active ?? []).subtracting(active).subtracting(ending)
        let ends = before.map { ending.intersection($0.active) } ?? ending
        return gone.sorted().map { violation("namespace \($0) is gone") }
            + ends.sorted().map { violation("namespace \($0) is being deleted") }
    }

    private func violation(_ claim: String) -> Violation {
        Violation(kind: Self.kind, claim: claim)
    }
}

extension MeshNamespace {
    /// Gloo's operators have a namespace for each revision; other revisions' come and go.
    fileprivate func isKept(by move: Move) -> Bool {
        guard name.hasPrefix("gm-iop-") else { return Self.isProtected(name) }
        return move.home.contains(name)
    }
}
