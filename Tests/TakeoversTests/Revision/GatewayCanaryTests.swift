import FleetModel
import Testing

@testable import Takeovers

/// Gateways moved by a second release beside their own.
@Suite struct GatewayCanaryTests {
    private static let parameters: [String: JSON] = [
        "charts": ["base": "istio/base", "istiod": "istio/istiod", "gateway": "istio/gateway"],
        "gateways": [["release": "edge/ingress", "by": "canary"]],
    ]
    private let takeover = Takeover.revision(parameters: Self.parameters)

    private func step(_ name: String) throws -> Step {
        let phase = name == "fold-gateways" ? "retire" : "takeover"
        return try RevisionRunbook.step(name, of: phase, in: .revision(takeover))
    }

    /// The stage at which everything but the gateway has moved.
    private func world(replicas: Int = 2, values: JSON = [:]) throws -> World {
        var world = try World.revision("40")
        world.addGateway(replicas: replicas, values: values)
        return world
    }

    private var back: Situation {
        var takeover = takeover
        takeover.rollsBack = "7F3K"
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
    }

    // MARK: - There

    @Test func `others stand in for a gateway, which is in the end as it was`() throws {
        var world = try World.revision("00")
        world.addGateway(replicas: 3)
        let service = world.object("Service", "ingress", in: "edge")
        let end = try RevisionJourney(takeover, from: world)
        let ours = end.purposes.filter { $0.contains("edge/") }
        #expect(
            ours == [
                "bring release edge/ingress-1-25-2 to chart version 1.25.2",
                "scale edge/ingress to nothing",
                "bring release edge/ingress to chart version 1.25.2", "scale edge/ingress to 3",
                "remove release edge/ingress-1-25-2",
            ])
        #expect(end.world.object("Service", "ingress", in: "edge") == service)
        let gateway = try #require(end.world.object("Deployment", "ingress", in: "edge"))
        #expect(gateway.template.labels["istio.io/rev"] == "1-25-2")
        #expect(gateway.spec["replicas"] == 3)
        #expect(gateway.annotations[ReplicaNote.annotation] == nil)
        #expect(end.world.releases["edge/ingress"]?.values == ["revision": "1-25-2"])
        #expect(end.world.releases["edge/ingress-1-25-2"] == nil)
        let again = try RevisionJourney(takeover, from: end.world)
        #expect(again.purposes.isEmpty)
        #expect(again.objects == end.objects)
    }

    @Test func `a coordinator may die after any command`() throws {
        let world = try world()
        let phases = ["takeover", "retire"]
        let undisturbed = try RevisionJourney(takeover, from: world, through: phases)
        for kill in 1...undisturbed.commands.count {
            let end = try RevisionJourney(
                takeover, from: world, through: phases, killedAfter: kill)
            #expect(end.objects == undisturbed.objects, "killed after command \(kill)")
            #expect(end.world.releases["edge/ingress-1-25-2"] == nil)
        }
    }

    @Test(arguments: 0...6)
    func `from wherever it is a gateway goes back to its old pods`(commands: Int) throws {
        var world = try world(replicas: 3)
        let before = try #require(world.object("Deployment", "ingress", in: "edge")).spec
        var left = commands
        for name in ["canary-gateways", "drain-gateways", "fold-gateways"] where left > 0 {
            // Those for the lease are no stages of their own.
            for command in world.turn(try step(name), atMost: left).commands.withoutLease {
                #expect(!command.argv.contains("uninstall") || name == "fold-gateways")
                left -= 1
            }
        }
        let returning = RevisionRunbook.steps(of: RunbookOutline.rollbackPhase, in: back)
            .first { $0.outline.name == "return-gateways" }
        #expect(world.turn(try #require(returning)).observation.word == "done")
        #expect(world.object("Deployment", "ingress", in: "edge")?.spec == before)
        #expect(world.releases["edge/ingress-1-25-2"] == nil)
        #expect(world.object("Deployment", "ingress-1-25-2", in: "edge") == nil)
        #expect(world.object("Service", "ingress", in: "edge") != nil)
        #expect(world.turn(try #require(returning)).commands.isEmpty)
    }

    @Test func `what stands in for a gateway is none of the workloads`() throws {
        var world = try world()
        _ = world.turn(try step("canary-gateways"))
        for pod in world.cluster where pod.labels["gateway-of"] == "edge/ingress-1-25-2" {
            world.edit("Pod", pod.name, in: "edge") { pod in
                var proxy = pod.spec.items("containers")[0]
                proxy["image"] = "example/proxyv2:1.25.1"
                pod[path: ["spec", "containers"]] = [proxy]
            }
        }
        var other = world
        let (end, none) = world.turn(try step("restart-workloads"))
        #expect(end.word == "done" && none.isEmpty)
        let inPlace = Takeover.revision(
            parameters: Self.parameters.merging(["gateways": ["edge/ingress"]]) { $1 })
        let step = try RevisionRunbook.step(
            "restart-workloads", of: "takeover", in: .revision(inPlace))
        let (_, restarts) = other.turn(step)
        #expect(
            restarts.withoutLease.map(\.purpose) == ["restart Deployment edge/ingress-1-25-2"])
    }

    @Test func `on the way back no gateway is restarted among the workloads`() throws {
        var world = try world()
        for name in ["canary-gateways", "drain-gateways"] { _ = world.turn(try step(name)) }
        let purposes = try world.takeBack(back)
        #expect(!purposes.contains { $0.hasPrefix("restart Deployment edge/") })
        #expect(
            purposes.suffix(2) == [
                "scale edge/ingress to 2", "remove release edge/ingress-1-25-2",
            ])
    }

    // MARK: - Beside it

    @Test func `a second release shares the Service and the account, and has no other`() throws {
        let world = try world(values: [
            "name": "ingress", "labels": ["team": "edge"], "env": ["A": "b"],
            "podDisruptionBudget": ["minAvailable": 1], "autoscaling": ["maxReplicas": 9],
            "service": ["type": "LoadBalancer", "annotations": ["x": "y"]],
        ])
        let command = try #require(world.commands(try step("canary-gateways")).last)
        #expect(command.argv.contains("--install") && command.argv.contains("ingress-1-25-2"))
        #expect(command.argv.contains("revision=1-25-2"))
        let values = command.stdin.flatMap { JSON(parsing: $0) }
        #expect(
            values == [
                "labels": ["team": "edge", "app": "ingress", "istio": "ingress"],
                "env": ["A": "b"], "revision": "1-24-3", "replicaCount": 2,
                "autoscaling": ["enabled": false], "rbac": ["enabled": false],
                "service": ["type": "None", "annotations": ["x": "y"]],
                "serviceAccount": ["create": false, "name": "ingress"],
            ])
    }

    @Test func `both serve for as long as the takeover says`() throws {
        var world = try world()
        let step = try step("canary-gateways")
        world.run(world.commands(step))
        guard case .settling(_, let hold, let print) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        #expect(hold == .minutes(5))
        world.restartPod(of: "ingress-1-25-2")
        guard case .settling(_, _, let other) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        #expect(print != other, "a proxy that starts anew has not held")
    }

    @Test func `pods that are not ready, or on the old revision, stand in for nobody`() throws {
        let step = try step("drain-gateways")
        var ready = try world()
        _ = ready.turn(try self.step("canary-gateways"))
        #expect(ready.observe(step) == .notDone("Deployment edge/ingress still has to have 2 pods"))
        var sick = ready
        sick.edit("Pod", "ingress-1-25-2-rs-1-25-2-1", in: "edge") {
            $0[path: ["status", "conditions"]] = [["type": "Ready", "status": "False"]]
        }
        #expect(
            sick.observe(step)
                == .partial(
                    "not before others serve: Deployment edge/ingress-1-25-2 has 1 of 2 ready pods"
                ))
        var stale = ready
        stale.edit("Pod", "ingress-1-25-2-rs-1-25-2-1", in: "edge") {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"1-24-3"}"#
        }
        #expect(stale.observe(step).word == "partial")
        var astray = ready
        astray.edit("Service", "ingress", in: "edge") {
            $0[path: ["spec", "selector"]] = ["app": "ingress", "pod": "old"]
        }
        #expect(astray.observe(step).word != "done" && astray.observe(step).word != "settling")
        #expect(!astray.commands(step).contains { $0.purpose.hasPrefix("scale") })
    }

    @Test func `an autoscaler that gave the old gateway more pods gives them to the new one, too`()
        throws
    {
        var world = try world()
        _ = world.turn(try step("canary-gateways"))
        world.edit("Deployment", "ingress", in: "edge") { $0[path: ["spec", "replicas"]] = 4 }
        world.followGateways()
        let (_, commands) = world.turn(try step("drain-gateways"))
        #expect(
            commands.withoutLease.map(\.purpose) == [
                "bring release edge/ingress-1-25-2 to chart version 1.25.2",
                "scale edge/ingress to nothing",
            ])
        let added = world.object("Deployment", "ingress-1-25-2", in: "edge")
        #expect(added?.spec["replicas"] == 4)
        let drained = world.object("Deployment", "ingress", in: "edge")
        #expect(drained?.annotations[ReplicaNote.annotation] == "4")
    }

    @Test func `who scales meanwhile is not overruled, and what comes back goes again`() throws {
        var world = try world()
        _ = world.turn(try step("canary-gateways"))
        let drain = try step("drain-gateways")
        let commands = world.commands(drain)
        world.edit("Deployment", "ingress", in: "edge") { $0[path: ["spec", "replicas"]] = 3 }
        world.run(commands)
        #expect(world.object("Deployment", "ingress", in: "edge")?.spec["replicas"] == 3)
        _ = world.turn(drain)
        // A tool that knows the manifest alone sets it to what stands there.
        world.edit("Deployment", "ingress", in: "edge") { $0[path: ["spec", "replicas"]] = 1 }
        world.followGateways()
        #expect(world.observe(drain).word == "notDone")
        _ = world.turn(drain)
        let drained = world.object("Deployment", "ingress", in: "edge")
        #expect(drained?.annotations[ReplicaNote.annotation] == "3")
    }

    // MARK: - In the end

    @Test func `a gateway that was not drained is not brought to the new revision at once`() throws
    {
        var world = try world()
        _ = world.turn(try step("canary-gateways"))
        let words = "Deployment edge/ingress was not drained; take the phase takeover again"
        #expect(world.observe(try step("fold-gateways")) == .failed(Failure(.terminal, words)))
    }

    @Test func `a second release that has a Service is not removed`() throws {
        var world = try world()
        for name in ["canary-gateways", "drain-gateways"] { _ = world.turn(try step(name)) }
        world.releases["edge/ingress-1-25-2"]?.manifest =
            "---\nkind: Service\nmetadata:\n  name: ingress\n"
        let (observation, commands) = world.turn(try step("fold-gateways"))
        let words = "release edge/ingress-1-25-2 would take Service ingress along"
        #expect(observation == .failed(Failure(.terminal, words)))
        #expect(!commands.contains { $0.argv.contains("uninstall") })
    }

    @Test func `the others are moved where they stand`() throws {
        let mixed = Takeover.revision(
            parameters: Self.parameters.merging([
                "gateways": ["edge/egress", ["release": "edge/ingress", "by": "canary"]]
            ]) { $1 })
        let names = RevisionRunbook.outline(for: mixed).phases.flatMap(\.steps).map(\.name)
        let gateways = names.filter { $0.hasSuffix("-gateways") }
        #expect(
            gateways == [
                "upgrade-gateways", "canary-gateways", "drain-gateways", "fold-gateways",
            ])
        var world = try world()
        world.addGateway("egress")
        let step = try RevisionRunbook.step(
            "upgrade-gateways", of: "takeover", in: .revision(mixed))
        let (observation, commands) = world.turn(step)
        #expect(observation == .done("edge/egress run 1-25-2 1.25.2"))
        #expect(commands.withoutLease.count == 1)
    }

    // MARK: - Before anything is touched

    @Test(
        arguments: [
            ("daemonset", "makes a DaemonSet, which cannot be scaled to nothing"),
            ("no service", "has no Service ingress to share"),
            (
                "pinned", "has a Service that selects by istio.io/rev, and so one revision alone"
            ),
            ("empty", "has no pods that others could stand in for"),
        ])
    func `what nobody can stand in for blocks`(trouble: String, words: String) throws {
        var world = try World.revision("00")
        world.addGateway(values: trouble == "daemonset" ? ["kind": "DaemonSet"] : [:])
        switch trouble {
        case "no service": world.remove("Service", "ingress", in: "edge")
        case "pinned":
            world.edit("Service", "ingress", in: "edge") {
                $0[path: ["spec", "selector", "istio.io/rev"]] = "1-24-3"
            }
        case "empty":
            world.edit("Deployment", "ingress", in: "edge") { $0[path: ["spec", "replicas"]] = 0 }
            world.followGateways()
        default: break
        }
        let seen = try RevisionRunbook.step("preflight", of: "prepare", in: .revision(takeover))
        #expect("\(world.observe(seen))".contains("PR5 release edge/ingress \(words)"))
    }

    @Test func `an autoscaler is told of, and one that fills what is empty blocks`() throws {
        var world = try World.revision("00")
        world.addGateway()
        let autoscaler: JSON = [
            "kind": "HorizontalPodAutoscaler",
            "metadata": ["name": "ingress", "namespace": "edge"],
            "spec": [
                "minReplicas": 1, "scaleTargetRef": ["kind": "Deployment", "name": "ingress"],
            ],
        ]
        world.cluster.append(autoscaler)
        let step = try RevisionRunbook.step("preflight", of: "prepare", in: .revision(takeover))
        #expect(world.observe(step).word == "done")
        #expect("\(world.observe(step))".contains("PR5 HorizontalPodAutoscaler edge/ingress"))
        world.edit("HorizontalPodAutoscaler", "ingress", in: "edge") {
            $0[path: ["spec", "minReplicas"]] = 0
        }
        #expect("\(world.observe(step))".contains("has minReplicas 0"))
        #expect(world.observe(step).word == "failed blocked")
    }

    @Test(
        arguments: [
            ("edge", #""edge" is no release of a gateway"#),
            (["release": "edge"], #""{"release":"edge"}" is no release of a gateway"#),
            (
                ["release": "edge/a", "by": "luck"],
                #"a gateway's "by" should be "upgrade" or "canary", got: "luck""#
            ),
            (
                ["release": "edge/a", "way": "canary"],
                #"a gateway has no "way", got: {"release":"edge/a","way":"canary"}"#
            ),
            (
                [
                    "release": "edge/a123456789-123456789-123456789-123456789-1234567",
                    "by": "canary",
                ],
                #"the second release would be called "a123456789-123456789-123456789-123456789-"#
                    + #"1234567-1-25-2", and helm takes no more than 53 characters"#
            ),
        ] as [(JSON, String)])
    func `a gateway of the wrong form is named`(written: JSON, problem: String) {
        let takeover = Takeover.revision(
            parameters: Self.parameters.merging(["gateways": [written]]) { $1 })
        let found = RevisionRunbook.problems(in: takeover).map(\.problem)
        #expect(found == [problem])
    }

    @Test func `no gateway is moved twice`() {
        let takeover = Takeover.revision(
            parameters: Self.parameters.merging([
                "gateways": ["edge/ingress", ["release": "edge/ingress", "by": "canary"]]
            ]) { $1 })
        #expect(
            RevisionRunbook.problems(in: takeover).map(\.problem)
                == [#""edge/ingress" is there twice"#])
    }
}

extension World {
    /// One of a gateway's proxies starts anew.
    fileprivate mutating func restartPod(of gateway: String) {
        edit("Pod", "\(gateway)-rs-1-25-2-0", in: "edge") {
            $0[path: ["status", "containerStatuses"]] = [
                ["name": "istio-proxy", "restartCount": 1]
            ]
        }
    }
}
