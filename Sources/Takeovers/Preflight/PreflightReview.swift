import FleetModel

/// What one runbook's preflight asks of a cluster.
protocol PreflightReview: Sendable {
    var move: Move { get }
    var checks: [PreflightCheck] { get }
    /// What we have to be allowed.
    var access: AccessReview { get }
    /// What it reads besides the facts that every runbook looks at.
    var readings: [Reading] { get }

    /// Whether the takeover needs an istioctl, which may be asked then.
    var hasIstioctl: Bool { get }

    /// Whether an error of istioctl's is how things have to be for a while.
    func expects(_ error: AnalysisReport.Message, _ facts: PreflightFacts) -> Bool

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding]
}

extension PreflightReview {
    var readings: [Reading] { [] }
    var hasIstioctl: Bool { false }

    /// Two injectors overlap for as long as there are both revisions.
    func expects(_ error: AnalysisReport.Message, _ facts: PreflightFacts) -> Bool {
        error.code == "IST0139"
            && ControlPlane.all(in: facts.deployments).contains { $0.revision == move.revision }
    }
}
