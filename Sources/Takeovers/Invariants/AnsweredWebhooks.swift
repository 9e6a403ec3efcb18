import FleetModel

/// I1: every webhook of Istio calls a Service with a ready endpoint, and can be trusted.
///
/// Webhooks that were taken out of service, and those that a later step removes, are left out.
struct AnsweredWebhooks: Invariant {
    static let kind = InvariantKind.webhooks

    /// What is wrong, by the configuration.
    private let complaints: [String: String]
    private let isWaived: Bool

    static func readings(_ watch: StepWatch) -> [Reading] { .paths(Move.webhookPaths) }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let excusesOld = watch.excuses(.oldWebhooks)
        let complaints = try watch.move.webhookHealth(view)
            .filter { !excusesOld || !watch.move.isOld($0.configuration) }
            .map { ($0.configuration.name, $0.words) }
        self.complaints = Dictionary(complaints) { first, _ in first }
        isWaived = watch.isWaived("P04")
    }

    var kept: JSON { JSON(complaints) }

    init?(kept: JSON) {
        guard let complaints = kept.textsByName else { return nil }
        (self.complaints, isWaived) = (complaints, false)
    }

    func violations(since before: AnsweredWebhooks?) -> [Violation] {
        guard before != nil || !isWaived else { return [] }
        return complaints.sorted { $0.key < $1.key }
            .filter { before?.complaints[$0.key] != $0.value }
            .map { Violation(kind: Self.kind, claim: $0.value, tolerance: Violation.moment) }
    }
}

extension Move {
    /// Whether a webhook configuration belongs to the old revision, by its label or by the
    /// Service that it calls.
    fileprivate func isOld(_ configuration: JSON) -> Bool {
        if configuration.labels[IstioLabel.revision] == old.rawValue { return true }
        return configuration.items("webhooks").contains {
            $0[path: ["clientConfig", "service", "name"]]?.string == oldName("istiod")
        }
    }
}
