import FleetModel

/// I9: users are served, as far as the takeover's probes can tell.
struct ServedRequests: Invariant {
    static let kind = InvariantKind.requests

    /// What failed too often, by its URL.
    private let failures: [String: String]
    /// What was asked; a gateway without an address was not.
    private let asked: Set<String>
    private let isWaived: Bool

    static func readings(_ watch: StepWatch) -> [Reading] { [] }

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause) {
        let probes = TrafficProbes(watch.move)
        let look =
            try watch.excuses(.requestsByName)
            ? probes.look(throughGateways: view) : probes.look(view)
        failures = Dictionary(look.failures.map { ($0.url, $0.words) }) { first, _ in first }
        asked = Set(look.answers.map(\.url))
        isWaived = watch.isWaived("P20")
    }

    /// URLs are in the plan, too, and have no password.
    var kept: JSON { ["asked": JSON(asked), "failed": JSON(failures.keys)] }

    init?(kept: JSON) {
        guard let asked = kept["asked"]?.texts, let failed = kept["failed"]?.texts else {
            return nil
        }
        self.asked = Set(asked)
        failures = Dictionary(failed.map { ($0, "") }) { first, _ in first }
        isWaived = false
    }

    func violations(since before: ServedRequests?) -> [Violation] {
        guard before != nil || !isWaived else { return [] }
        return failures.sorted { $0.key < $1.key }.filter { failure in
            guard let before else { return true }
            return before.asked.contains(failure.key) && before.failures[failure.key] == nil
        }.map { url, words in
            // The numbers change from look to look, and it is the same trouble.
            Violation(
                kind: Self.kind, claim: "requests to \(url) fail", detail: words,
                tolerance: Violation.moment)
        }
    }
}
