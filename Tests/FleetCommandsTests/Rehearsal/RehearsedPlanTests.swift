import FleetModel
import Takeovers
import Testing

@testable import FleetCommands

struct RehearsedPlanTests {
    static let plan = Plan(
        takeover: Takeover(
            name: "t", runbook: "bigbang", revision: "default", version: "1.25.2",
            parameters: ["delivery": "hook", "hook": ["commit-values"], "poll": "3s"],
            ownSteps: [
                OwnStep(
                    name: "page", position: .init(.before, phase: "takeover"),
                    observe: .init(.command(["pager", "is-silent"], stdin: nil))),
                OwnStep(
                    name: "label", position: .init(.after, phase: "takeover"),
                    observe: .init(.path("/api/v1/nodes")),
                    act: .init(["kubectl", "label", "nodes", "--all", "a=b"])),
                OwnStep(
                    name: "here", position: .init(.after, phase: "takeover"), place: .local,
                    observe: .init(.command(["kubectl", "get", "nodes"], stdin: nil))),
            ]),
        policy: "careful",
        phases: [
            Phase(
                "takeover", steps: [StepOutline("activate")],
                waves: [
                    Wave("canary", clusters: ["edge-1"], isCanary: true, soak: .minutes(10)),
                    Wave("rest", clusters: ["edge-2", "edge-3"], needsApproval: true),
                ])
        ],
        clusters: [
            Cluster(
                "edge-1", context: "prod/one", kubeconfig: "/real/config", management: "boss",
                bastion: "jump", labels: ["bellwether.lab/speed": "60", "tier": "gold"],
                tools: ["kubectl": "/opt/there/kubectl"]),
            Cluster("edge-2", kubeconfig: "/real/config", tools: ["kubectl": "/opt/kubectl"]),
            Cluster("edge-3"),
        ],
        managementClusters: [Cluster("boss")],
        bastions: [Bastion("jump", host: "jump.example")],
        leftOut: [Plan.LeftOut("edge-9", because: "on hold: retired")])

    private let rehearsed = RehearsedPlan(of: plan, speed: 10, assuming: ["cutover"]) {
        "/lab/\($0)"
    }

    @Test func `every cluster is reached in the lab, under its own context, from here`() {
        let clusters = rehearsed.plan.clusters + rehearsed.plan.managementClusters
        #expect(
            clusters.map(\.kubeconfig) == [
                "/lab/edge-1", "/lab/edge-2", "/lab/edge-3", "/lab/boss",
            ]
        )
        #expect(clusters.map(\.context) == ["prod/one", "edge-2", "edge-3", "boss"])
        #expect(clusters.allSatisfy { $0.place == .local })
        #expect(rehearsed.plan.bastions.isEmpty)
    }

    @Test func `tools of a bastion mean nothing here, those of this machine do`() {
        #expect(rehearsed.plan.clusters[0].tools.isEmpty)
        #expect(rehearsed.plan.clusters[1].tools == ["kubectl": "/opt/kubectl"])
    }

    @Test func `a cluster keeps its labels but the one that would speed it up twice`() {
        #expect(rehearsed.plan.clusters[0].labels == ["tier": "gold"])
    }

    @Test func `phases, steps and waves stay, and nobody has to approve`() {
        let (before, after) = (Self.plan.phases[0], rehearsed.plan.phases[0])
        #expect(after.steps == before.steps)
        #expect(after.waves.map(\.clusters) == before.waves.map(\.clusters))
        #expect(after.waves.map(\.soak) == before.waves.map(\.soak))
        #expect(after.waves.allSatisfy { !$0.needsApproval })
        #expect(rehearsed.plan.leftOut == Self.plan.leftOut)
        #expect(rehearsed.liberties.contains { $0.contains("takeover/rest") })
    }

    @Test func `deadlines leave room for commands, which are not sped up`() {
        let deadline = rehearsed.plan.phases[0].waves[0].progressDeadline
        #expect(deadline == Self.plan.phases[0].waves[0].progressDeadline + .minutes(30))
        #expect(rehearsed.liberties.contains { $0.hasPrefix("waves and halts had 30m 00s more") })
    }

    @Test func `steps that run what is not for a cluster are taken for done`() {
        #expect(rehearsed.assumed == ["page", "here", "cutover"])
        #expect(rehearsed.liberties.contains { $0.hasSuffix("page, here") })
        #expect(rehearsed.liberties.contains { $0.hasSuffix("cutover") })
    }

    @Test func `nothing is committed to git and no DNS record waited for`() {
        let parameters = rehearsed.plan.takeover.parameters
        #expect(parameters == ["delivery": "override", "dns": "others", "poll": "3s"])
        #expect(rehearsed.liberties.contains { $0.contains("delivery: override") })
        #expect(rehearsed.liberties.contains { $0.contains("behind bastions") })
    }

    /// A step more or less, and the run takes its plan for one of another edition.
    @Test(
        arguments: [
            ("gloo", ["platform": "openshift"]), ("gloo", ["gateways": "dns"]),
            ("gloo", ["probes": [["url": "http://shop.example/"]]]),
            ("bigbang", ["delivery": "hook", "hook": ["commit-values"]]),
            ("bigbang", ["probes": [["url": "http://shop.example/"]]]),
        ] as [(String, [String: JSON])])
    func `a plan and its takeover are rehearsed with the same steps`(
        name: String, parameters: [String: JSON]
    ) throws {
        let runbook = try #require(Runbooks.named(name))
        let takeover = Takeover(
            name: "t", runbook: name, revision: "1-25", version: "1.25.2", parameters: parameters)
        let phases = runbook.wholeOutline(for: takeover).phases.map {
            Phase($0.name, steps: $0.steps, waves: [Wave("rest", clusters: ["edge-1"])])
        }
        let plan = Plan(
            takeover: takeover, policy: "careful", phases: phases, clusters: [Cluster("edge-1")])
        let rehearsed = RehearsedPlan(of: plan, speed: 10) { "/lab/\($0)" }.plan
        let steps = runbook.wholeOutline(for: rehearsed.takeover).phases.map(\.steps)
        #expect(rehearsed.phases.map(\.steps) == steps)
    }
}
