import FleetModel
import Testing

@testable import Takeovers

/// The variant for OpenShift.
@Suite struct OpenShiftTests {
    private static let takeover = Takeover.gloo(
        parameters: ["gateways": "none", "platform": "openshift"],
        manifests: Takeover.openShiftManifests)
    private let situation = Situation.gloo(takeover)

    private func step(_ name: String, of phase: String) throws -> Step {
        try GlooRunbook.step(name, of: phase, in: situation)
    }

    private let spaces = [
        "gloo-mesh-gateways", "gm-iop-1-15", "istio-system", "petstore", "petstore-old",
    ]

    // MARK: - Security contexts

    @Test func `its own steps stand before the control plane and behind the test, or nowhere`() {
        let phases = GlooRunbook.outline(for: Self.takeover).phases.map { $0.steps.map(\.name) }
        #expect(
            phases[0].prefix(4) == [
                "preflight", "lock", "allow-security-context", "add-control-plane",
            ])
        #expect(phases[2].prefix(4).last == "withdraw-security-context")
        let others = GlooRunbook.outline(for: .gloo()).phases.flatMap(\.steps).map(\.name)
        #expect(!others.contains { $0.contains("security-context") })
        #expect(GlooRunbook.problems(in: Self.takeover).isEmpty)
    }

    @Test func `pods of the new mesh and of the test may run as their images' users`() throws {
        var world = try World.openShift("00")
        let allow = try step("allow-security-context", of: "prepare")
        #expect(
            world.observe(allow)
                == .notDone("pods may not use anyuid in \(spaces.joined(separator: ", "))"))
        let (observation, commands) = world.turn(allow)
        #expect(observation.word == "done", "\(observation)")
        #expect(
            commands.withoutLease.map(\.shellLine) == [
                "oc --context cluster-1 --request-timeout=30s adm policy add-scc-to-group anyuid "
                    + spaces.map { "system:serviceaccounts:\($0)" }.joined(separator: " ")
            ])
        #expect(world.turn(allow).commands.withoutLease.isEmpty)
        #expect(allow.preview.compensation.first?.argv.contains("remove-scc-from-group") == true)
    }

    @Test func `only what is missing is added, and wider groups count`() throws {
        var world = try World.openShift("00")
        world.cluster.append([
            "kind": "ClusterRoleBinding", "metadata": ["name": "mesh"],
            "roleRef": ["kind": "ClusterRole", "name": "system:openshift:scc:anyuid"],
            "subjects": [["kind": "Group", "name": "system:serviceaccounts:istio-system"]],
        ])
        world.cluster.append([
            "kind": "ClusterRoleBinding", "metadata": ["name": "other"],
            "roleRef": ["kind": "ClusterRole", "name": "system:openshift:scc:privileged"],
            "subjects": [["kind": "Group", "name": "system:serviceaccounts:petstore"]],
        ])
        let allow = try step("allow-security-context", of: "prepare")
        let groups = world.commands(allow).last?.argv.suffix(4)
        #expect(groups?.first == "system:serviceaccounts:gloo-mesh-gateways")
        #expect(groups?.contains("system:serviceaccounts:istio-system") == false)
        #expect(groups?.contains("system:serviceaccounts:petstore") == true)
        world.edit("SecurityContextConstraints", "anyuid") {
            $0["groups"] = ["system:serviceaccounts"]
        }
        #expect(world.observe(allow).word == "done")
    }

    @Test func `what the test was allowed is taken back, and not given once more`() throws {
        var world = try World.openShift("60")
        let allow = try step("allow-security-context", of: "prepare")
        _ = world.turn(allow)
        let withdraw = try step("withdraw-security-context", of: "retire")
        let (observation, commands) = world.turn(withdraw)
        #expect(observation == .done("pods may not use anyuid in petstore, petstore-old"))
        #expect(
            commands.withoutLease.last?.argv.suffix(4) == [
                "remove-scc-from-group", "anyuid", "system:serviceaccounts:petstore",
                "system:serviceaccounts:petstore-old",
            ])
        world.remove("Deployment", "istiod", in: "istio-system")
        #expect(world.turn(allow).commands.withoutLease.isEmpty)
    }

    @Test func `a cluster that is none says so`() throws {
        let world = try World("00")
        let allow = try step("allow-security-context", of: "prepare")
        #expect(world.observe(allow).word == "failed terminal")
        let preflight = try step("preflight", of: "prepare")
        #expect("\(world.observe(preflight))".contains("PO1 the API server knows no security.open"))
        let other = try GlooRunbook.step("preflight", of: "prepare")
        let words = "\(try World.openShift("00").observe(other))"
        #expect(words.contains(#"PO1 this is an OpenShift, and the parameter"#), "\(words)")
        #expect(!"\(try World.openShift("00").observe(preflight))".contains("PO1"))
    }

    @Test func `a controller that was refused by the constraints is told`() throws {
        var world = try World.openShift("00")
        let message =
            "Error creating: pods \"istiod-1-15-b65676555-\" is forbidden: unable to validate "
            + "against any security context constraint: [provider \"anyuid\": Forbidden: not "
            + "usable by user or serviceaccount]"
        world.cluster.append([
            "kind": "Event", "metadata": ["name": "x", "namespace": "istio-system"],
            "involvedObject": [
                "kind": "ReplicaSet", "name": "istiod-1-15-b65676555", "namespace": "istio-system",
            ],
            "reason": "FailedCreate", "message": .string(message),
            "lastTimestamp": .string(world.now.rfc3339),
        ])
        let preflight = try step("preflight", of: "prepare")
        #expect(
            "\(world.observe(preflight))".contains(
                "P18 istio-system/istiod-1-15-b65676555: Error creating"))
    }

    // MARK: - Manifests

    @Test func `the control plane's manifest has to be OpenShift's, with a CNI agent`() {
        let plain = Takeover.gloo(
            parameters: ["gateways": "none", "platform": "openshift"])
        #expect(
            GlooRunbook.problems(in: plain).map(\.problem) == [
                #"istioOperatorSpec.profile should be "openshift", got: "minimal""#,
                "istioOperatorSpec.components.cni.enabled should be true on OpenShift",
            ])
        #expect(
            GlooRunbook.problems(in: .gloo(manifests: Takeover.openShiftManifests)).map(\.problem)
                == [
                    #"istioOperatorSpec.profile is "openshift": set the parameter "platform" to it"#
                ])
    }

    @Test func `the test's namespaces attach the mesh's network`() throws {
        let act = try #require(try step("test-workload", of: "prepare").preview.acts.first)
        #expect(act.stdin?.contains("NetworkAttachmentDefinition") == true)
        let other = try GlooRunbook.step("test-workload", of: "prepare").preview.acts.first
        #expect(other?.stdin?.contains("NetworkAttachmentDefinition") == false)
    }

    // MARK: - DeploymentConfigs

    /// All but a DeploymentConfig has been restarted.
    private func waiting() throws -> World {
        var world = try World.openShift("40")
        try world.addDeploymentConfig("shop")
        _ = world.turn(try step("lock", of: "takeover"))
        _ = world.turn(try step("deactivate-old-injector", of: "takeover"))
        return world
    }

    private func revisions(_ world: World) -> Set<String> {
        Set(
            world.cluster.filter { $0["kind"] == "Pod" && $0.name.hasPrefix("shop-") }
                .compactMap { Proxy(of: $0)?.revision?.rawValue })
    }

    @Test func `a DeploymentConfig is rolled by OpenShift's client, and once`() throws {
        var world = try waiting()
        #expect(revisions(world) == ["default"])
        let restart = try step("restart-workloads", of: "takeover")
        let (observation, commands) = world.turn(restart, pausing: .seconds(60))
        #expect(observation.saying.hasPrefix("6 workloads are on 1-15 1.15.3-solo "))
        let ran = commands.filter { $0.argv[0] == "oc" }
        #expect(
            ran.map(\.shellLine) == [
                "oc --context cluster-1 --request-timeout=30s -n bookinfo rollout latest dc/shop "
                    + "--again"
            ])
        #expect(revisions(world) == ["1-15"])
        #expect(world.turn(restart).commands.withoutLease.isEmpty)
    }

    @Test func `its rollout is over once no pod is of an older version`() throws {
        var world = try waiting()
        let restart = try step("restart-workloads", of: "takeover")
        _ = world.turn(restart, pausing: .seconds(60))
        var late = world
        late.edit("DeploymentConfig", "shop", in: "bookinfo") {
            $0[path: ["status", "latestVersion"]] = 5
        }
        #expect(
            late.observe(restart)
                == .partial("DeploymentConfig bookinfo/shop: 2 pods are not of version 5 yet"))
        world.edit("DeploymentConfig", "shop", in: "bookinfo") {
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                ]
            ]
        }
        #expect(world.observe(restart).word == "failed terminal")
    }

    @Test func `a pod of an older version that ends, with a new sidecar, is not waited for`() throws
    {
        var world = try waiting()
        let restart = try step("restart-workloads", of: "takeover")
        _ = world.turn(restart, pausing: .seconds(60))
        world.edit("Pod", "shop-4-d", in: "bookinfo") {
            let owner: JSON = [
                "kind": "ReplicationController", "name": "shop-3", "controller": true,
            ]
            $0[path: ["metadata", "ownerReferences"]] = [owner]
        }
        #expect(
            world.observe(restart)
                == .partial("DeploymentConfig bookinfo/shop: 1 pods are not of version 4 yet"))
        world.edit("Pod", "shop-4-d", in: "bookinfo") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(world.observe(restart).word == "done", "\(world.observe(restart))")
    }

    @Test func `while it rolls, it is looked at alone, by its versions`() throws {
        var world = try waiting()
        let restart = try step("restart-workloads", of: "takeover")
        let owner = OwnerReference(kind: "DeploymentConfig", namespace: "bookinfo", name: "shop")
        let move = GlooSituation(situation).move
        let command = RestartAct.rollAgain.command(for: owner, move.kubectl)
        world.run([command])
        #expect(OwnerReference(restartedBy: command) == owner)
        guard case .settling(let item, _, _) = world.observe(restart) else {
            Issue.record("\(world.observe(restart))")
            return
        }
        #expect(item.hasPrefix("DeploymentConfig bookinfo/shop, restarted "))
    }

    @Test func `elsewhere it is left behind, and one that is paused in any case`() throws {
        var world = try waiting()
        let plain = try GlooRunbook.step("restart-workloads", of: "takeover")
        let words =
            "cannot be restarted: DeploymentConfig bookinfo/shop (OpenShift's client restarts it: "
            + #"set the parameter "platform" to "openshift")"#
        #expect(world.observe(plain) == .failed(Failure(.blocked, words)))
        world.edit("DeploymentConfig", "shop", in: "bookinfo") {
            $0[path: ["spec", "paused"]] = true
        }
        let restart = try step("restart-workloads", of: "takeover")
        #expect(
            world.observe(restart)
                == .failed(
                    Failure(
                        .blocked,
                        "cannot be restarted: DeploymentConfig bookinfo/shop (it is paused)")))
    }
}
