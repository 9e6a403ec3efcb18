import FleetModel

/// One thing that an invariant finds wrong.
struct Violation: Hashable, Sendable, CustomStringConvertible {
    let kind: InvariantKind
    /// What is wrong, in words that stay the same as long as it is.
    let claim: String
    /// Numbers and names of the moment.
    var detail = ""
    /// For how long it may be so: much of it passes by itself. None counts at once.
    var tolerance = Duration.zero

    /// What is watched until it has passed, or has lasted too long.
    var item: String { "\(kind.rawValue): \(claim)" }

    var description: String { detail.isEmpty ? item : "\(item): \(detail)" }

    func counts(in context: StepContext) -> Bool {
        tolerance == .zero || context.settled.contains(item)
    }

    /// Webhooks, endpoints and ConfigMaps are put right by controllers, one after the other.
    static let moment = Duration.seconds(60)
    /// A pod may be moved to another node, or start anew.
    static let restart = Duration.minutes(3)
    /// A rollout that somebody began takes its time: a Deployment's own deadline, mostly.
    static let rollout = Duration.minutes(10)
}
