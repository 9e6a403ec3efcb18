import FleetModel

/// I5: every root of trust of before is still trusted.
struct TrustedRoots: Invariant {
    static let kind = InvariantKind.roots

    /// By namespace.
    private let roots: [String: RootCertificates]
    private let namespaces: Set<String>

    static func readings(_ watch: StepWatch) -> [Reading] {
        .paths([APIPath.rootCertificates, APIPath.namespaces])
    }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let maps = try view.list(APIPath.rootCertificates)
            .filter { $0.name == "istio-ca-root-cert" }
            .compactMap { map in RootCertificates(configMap: map).map { (map.namespace, $0) } }
        roots = Dictionary(maps) { first, _ in first }
        namespaces = Set(
            try view.namespaces().filter(\.isActive)
                .map(\.name))
    }

    /// Namespaces by what they trust, which is the same in nearly all of them.
    var kept: JSON {
        let groups = Dictionary(grouping: roots.keys) { roots[$0]?.certificates.sorted() ?? [] }
        return .array(
            groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
                ["certificates": JSON($0.key), "namespaces": JSON($0.value)]
            })
    }

    init?(kept: JSON) {
        guard let groups = kept.array else { return nil }
        var roots: [String: RootCertificates] = [:]
        for group in groups {
            guard let certificates = group["certificates"]?.texts, !certificates.isEmpty,
                let namespaces = group["namespaces"]?.texts
            else { return nil }
            for namespace in namespaces {
                roots[namespace] = RootCertificates(certificates: Set(certificates))
            }
        }
        (self.roots, namespaces) = (roots, [])
    }

    func violations(since before: TrustedRoots?) -> [Violation] {
        let known = before?.roots.sorted { $0.key < $1.key } ?? []
        let changed = known.filter { namespace, earlier in
            roots[namespace].map { !$0.isSuperset(of: earlier) } ?? false
        }
        let gone = known.map(\.key).filter { namespaces.contains($0) && roots[$0] == nil }
        return self.changed(changed) + self.gone(gone)
    }

    private func changed(
        _ namespaces: [(key: String, value: RootCertificates)]
    ) -> [Violation] {
        guard let first = namespaces.first else { return [] }
        let now = roots[first.key]?.fingerprints ?? []
        let lost = first.value.fingerprints.filter { !now.contains($0) }
        return [
            Violation(
                kind: Self.kind,
                claim: "another root of trust than before in \(namespaces.map(\.key).summary)",
                detail: "\(lost.short) is gone, \(now.short) is there; pods of before and of now "
                    + "can't talk to each other (CERTIFICATE_VERIFY_FAILED)")
        ]
    }

    private func gone(_ namespaces: [String]) -> [Violation] {
        guard !namespaces.isEmpty else { return [] }
        return [
            Violation(
                kind: Self.kind, claim: "no root of trust any more in \(namespaces.summary)",
                tolerance: Violation.moment)
        ]
    }
}

extension [String] {
    /// Enough of each fingerprint to tell them apart.
    var short: String { map { String($0.prefix(12)) }.summary }
}
