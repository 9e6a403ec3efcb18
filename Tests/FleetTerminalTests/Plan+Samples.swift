import FleetModel

extension Plan {
    /// A plan as a small fleet has one: three phases over the same three waves.
    static let sample = Plan(
        takeover: Takeover(
            name: "istio-1-25", runbook: "gloo", revision: "1-25", version: "1.25.3-solo",
            oldRevision: "1-24"),
        policy: "careful",
        phases: [
            Phase(
                "prepare",
                steps: [
                    StepOutline("preflight", title: "see that the cluster is well"),
                    StepOutline("install", title: "install revision 1-25"),
                ], waves: sampleWaves),
            Phase(
                "takeover", steps: [StepOutline("activate"), StepOutline("restart")],
                waves: sampleWaves),
            Phase("retire", steps: [StepOutline("remove")], waves: sampleWaves),
        ],
        clusters: sampleWaves.flatMap(\.clusters).map {
            Cluster($0, management: "mgmt-1", bastion: $0 == "edge-02" ? "ams-jump" : nil)
        },
        managementClusters: [Cluster("mgmt-1")],
        leftOut: [
            LeftOut("edge-77", because: "on hold: moving house"),
            LeftOut("edge-78", because: "on hold: moving house"),
            LeftOut("edge-90", because: "no wave selects it"),
        ],
        limits: Limits(maxConcurrency: 10, managementConcurrency: 4, maxAttempts: 3))

    private static let sampleWaves = [
        Wave(
            "canary", clusters: ["edge-01"], isCanary: true, soak: .minutes(10), exposure: .strict),
        Wave("few", clusters: ["edge-02", "edge-03"], maxConcurrency: 2, soak: .minutes(30)),
        Wave(
            "rest", clusters: (4...12).map { ClusterName($0 < 10 ? "edge-0\($0)" : "edge-\($0)") },
            maxConcurrency: 3, maxFailures: 1, needsApproval: true),
    ]
}
