import FleetModel
import Testing

@testable import Takeovers

/// What a survey says of parts that are not as they should be.
@Suite struct SurveyTroubleTests {
    // MARK: - The mesh

    @Test func `an istiod that does not run and webhooks that nobody answers are trouble`() throws {
        var world = try World("00")
        #expect(try world.seen().webhookTroubles.isEmpty)
        world.edit("Deployment", "istiod", in: "istio-system") {
            $0[path: ["status", "availableReplicas"]] = 0
            $0[path: ["status", "updatedReplicas"]] = 0
        }
        #expect(try world.seen().controlPlanes.contains { $0.trouble != nil })
        world.cluster.append([
            "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "istio-validator-gone"],
            "webhooks": [
                [
                    "name": "v", "failurePolicy": "Fail",
                    "clientConfig": [
                        "caBundle": "eA==",
                        "service": ["name": "istiod-gone", "namespace": "istio-system"],
                    ],
                ]
            ],
        ])
        #expect(try world.seen().webhookTroubles.contains { $0.contains("istio-validator-gone") })
    }

    @Test func `pods that have ended count for nothing`() throws {
        var world = try World("00")
        let before = try world.seen().proxies
        var ended = try #require(
            world.cluster.first { $0["kind"] == "Pod" && Pod($0).proxy?.kind == .sidecar })
        ended[path: ["metadata", "name"]] = "ended"
        ended[path: ["status", "phase"]] = "Succeeded"
        world.cluster.append(ended)
        #expect(try world.seen().proxies == before)
    }

    @Test func `agents on the nodes are told, those of ambient mode too`() throws {
        var world = try World("00")
        for name in ["istio-cni-node", "ztunnel", "other"] {
            world.cluster.append([
                "kind": "DaemonSet",
                "metadata": ["name": .string(name), "namespace": "istio-system"],
                "spec": ["template": ["spec": ["containers": [["image": "example/x:1.2.3"]]]]],
            ])
        }
        let agents = try world.seen().nodeAgents
        #expect(agents.map(\.name) == ["istio-system/istio-cni-node", "istio-system/ztunnel"])
        #expect(agents.map(\.version) == ["1.2.3", "1.2.3"])
    }

    @Test func `a cluster is known by the namespace that every one has`() throws {
        var world = try World("00")
        world.remove("Namespace", "kube-system")
        world.cluster.append([
            "kind": "Namespace", "metadata": ["name": "kube-system", "uid": "u-1"],
        ])
        #expect(try world.seen().identity == "u-1")
    }

    // MARK: - Workloads

    /// A bare sample in a namespace with these labels.
    private func uninjected(_ labels: JSON) throws -> [String] {
        var world = try World("00")
        let pod = try #require(
            world.cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("ratings-v1")
            }?.withoutProxy)
        world.edit("Pod", pod.name, in: pod.namespace) { $0 = pod }
        world.edit("Namespace", pod.namespace) { $0[path: ["metadata", "labels"]] = labels }
        return try world.seen().uninjected.filter { $0.name == "ratings-v1" }
            .compactMap(\.restart.reason)
    }

    @Test func `why a workload has no sidecar that asks for one is told`() throws {
        #expect(
            try uninjected(["istio-injection": "enabled"]) == [
                "an injector selects it, but its pods were made without one"
            ])
        let unanswered = try uninjected(["istio.io/rev": "nobody"])
        #expect(unanswered.count == 1 && unanswered[0].hasPrefix("nobody answers to "))
        #expect(try uninjected([:]).isEmpty)
    }

    @Test func `what is down while it restarts is told`() throws {
        var world = try World("00")
        world.edit("Deployment", "ratings-v1", in: "bookinfo") {
            $0[path: ["spec", "strategy"]] = ["type": "Recreate"]
        }
        let owners = try world.seen().owners.filter(\.causesDowntime)
        #expect(owners.map(\.name) == ["ratings-v1"])
    }

    @Test func `budgets of the mesh and of istiod are kept, and said to be broken`() throws {
        var world = try World("00")
        world.cluster.removeAll { $0["kind"] == "PodDisruptionBudget" }
        let istiod = try #require(
            world.cluster.first { $0["kind"] == "Pod" && $0.labels["app"] == "istiod" })
        for (name, space, app) in [
            ("ratings", "bookinfo", "ratings"), ("istiod", istiod.namespace, "istiod"),
            ("nobody", "bookinfo", "nobody"),
        ] {
            world.cluster.append([
                "kind": "PodDisruptionBudget",
                "metadata": ["name": .string(name), "namespace": .string(space)],
                "spec": ["selector": ["matchLabels": ["app": .string(app)]]],
                "status": [
                    "disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 1,
                    "expectedPods": 1,
                ],
            ])
        }
        let budgets = try world.seen().budgets
        #expect(budgets.map(\.name) == ["bookinfo/ratings", "\(istiod.namespace)/istiod"])
        #expect(budgets.map(\.isViolated) == [true, true])
    }

    // MARK: - Who manages

    private static func resource(_ name: String, _ spec: JSON, _ metadata: [String: JSON] = [:])
        -> JSON
    {
        let all: [String: JSON] = ["name": .string(name), "namespace": "istio-system"]
        return [
            "kind": "IstioOperator", "metadata": .object(all.merging(metadata) { $1 }),
            "spec": spec, "status": ["status": "HEALTHY"],
        ]
    }

    @Test func `resources of operators are told with what they install, but not ignored ones`()
        throws
    {
        var world = try World("00")
        world.cluster.removeAll { $0["kind"] == "IstioOperator" }
        let gateways: JSON = [
            "components": [
                "ingressGateways": [
                    ["name": "in", "enabled": true, "namespace": "edge"],
                    ["name": "off", "enabled": false],
                ], "egressGateways": [["name": "out", "enabled": true]],
            ]
        ]
        world.cluster += [
            Self.resource("gateways", gateways),
            Self.resource("going", [:], ["deletionTimestamp": "2026-01-01T00:00:00Z"]),
            Self.resource(
                "ignored", [:], ["annotations": ["install.istio.io/ignoreReconcile": "true"]]),
        ]
        let operators = try world.seen().operators
        #expect(operators.map(\.name) == ["istio-system/gateways", "istio-system/going"])
        #expect(operators.map(\.isWell) == [true, false])
        let installs = try #require(operators.first?.installs)
        #expect(installs.filter { $0 != "istiod" } == ["edge/in", "istio-system/out"])
    }

    @Test func `operators of Gloo's own are none of the old installation`() throws {
        var world = try World("00")
        let own = try #require(
            world.object("Deployment", "istio-operator", in: "istio-operator"))
        var gloo = own
        gloo[path: ["metadata", "namespace"]] = "gm-iop-1-15"
        world.cluster.append(gloo)
        #expect(try world.seen().operatorPods?.count == 1)
    }

    @Test func `roots are read from istiod's own ConfigMaps`() throws {
        var world = try World("20")
        let before = try world.seen().roots
        var stranger = try Fixture.sample("b", in: "roots")
        stranger[path: ["metadata", "namespace"]] = "shop"
        stranger[path: ["metadata", "name"]] = "somebody-else"
        world.cluster.append(stranger)
        #expect(try world.seen().roots == before)
    }
}
