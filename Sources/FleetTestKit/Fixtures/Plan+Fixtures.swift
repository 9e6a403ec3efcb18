public import FleetModel

extension Takeover {
    /// A takeover of which only the name matters.
    public static var small: Takeover {
        Takeover(name: "small", runbook: "none", revision: "1-25", version: "1.25.0")
    }
}

extension Plan {
    /// One phase over the clusters its waves name.
    public static func small(
        steps: [StepOutline] = [StepOutline("upgrade")], waves: [Wave],
        limits: Limits = Limits()
    ) -> Plan {
        Plan(
            takeover: .small, policy: "careful",
            phases: [Phase("takeover", steps: steps, waves: waves)],
            clusters: waves.flatMap(\.clusters).map { Cluster($0) }, limits: limits)
    }
}
