import FleetModel

/// What one runbook's preflight asks of a cluster.
protocol PreflightReview: Sendable {
    var move: Move { get }
    var checks: [PreflightCheck] { get }
    /// What we have to be allowed.
    var access: AccessReview { get }
    /// What it reads besides the facts that every runbook looks at.
    var readings: [Reading] { get }

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding]
}

extension PreflightReview {
    var readings: [Reading] { [] }
}
