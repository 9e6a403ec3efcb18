import FleetModel

/// What has become of the roots of trust since the baseline was saved, namespace by namespace: a
/// root that one of them forgot is not made up for by another, where it was left lying.
struct TrustChange: Sendable {
    let namespaces: [String]
    /// Fingerprints, each once and in order.
    let lost: [String]
    let come: [String]

    static let paths = [APIPath.rootCertificates, Baseline.path]

    /// `nil` when the roots of before are trusted as they were.
    init?(from before: [String: [String]], to now: [String: [String]]) {
        let changed = before.filter { namespace, roots in
            now[namespace].map { !Set($0).isSuperset(of: roots) } ?? false
        }
        guard !changed.isEmpty else { return nil }
        namespaces = changed.keys.sorted()
        let old = Set(changed.values.joined())
        let new = Set(changed.keys.flatMap { now[$0] ?? [] })
        lost =
            changed.flatMap { namespace, roots in
                roots.filter { now[namespace]?.contains($0) != true }
            }.uniqued
        come = new.subtracting(old).sorted()
    }

    var words: String {
        "the root of trust has changed (\(lost.short) is gone, "
            + "\(come.isEmpty ? "nothing" : come.short) came; in \(namespaces.summary)): proxies "
            + "of before fail with CERTIFICATE_VERIFY_FAILED until they are restarted"
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var uniqued: [String] { Set(self).sorted() }
}
