import FleetModel
import Testing

@testable import Takeovers

/// What is removed of the old installation, and in which order.
@Suite struct GlooRetireTests: RetiringGloo {
    @Test func `nothing is deleted while the old operator cannot clean up`() throws {
        let world = try world {
            $0.edit("Deployment", "istio-operator", in: "istio-operator") {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        }
        #expect(try reason("remove-old-gateways", world).contains("old operator does not run"))
    }

    @Test func `the old gateways stay while the new ones are not well`() throws {
        let world = try world {
            $0.edit("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways") {
                $0["status"] = ["loadBalancer": [:]]
            }
        }
        #expect(try reason("remove-old-gateways", world).contains("has no address yet"))
    }

    @Test func `a deletion that its operator refuses is reported in the operator's words`() throws {
        let world = try world {
            $0.edit("IstioOperator", "control-plane", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
                $0[path: ["status", "componentStatus", "Pilot"]] = [
                    "error": "there are proxies still pointing to the pruned control plane"
                ]
            }
        }
        #expect(
            try reason("remove-old-control-plane", world).hasSuffix(
                "Pilot: there are proxies still pointing to the pruned control plane; "
                    + "`kubectl -n istio-operator logs deployment/istio-operator` tells more"))
    }

    @Test func `a gateway's pods are waited for after its resource is gone`() throws {
        let world = try world {
            $0.remove("IstioOperator", "eastwest-gateway", in: "istio-system")
        }
        #expect(
            try reason("remove-old-gateways", world).hasPrefix("old gateway pods are ending: "))
    }

    @Test func `a resource whose operator is gone would stay for ever`() throws {
        let world = try world {
            $0.edit("IstioOperator", "eastwest-gateway", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
            $0.remove("Deployment", "istio-operator", in: "istio-operator")
        }
        #expect(try reason("remove-old-gateways", world).contains("its finalizer would keep it"))
    }

    @Test func `its finalizer is taken off only where the takeover says so and nobody is left`()
        throws
    {
        var world = try world {
            $0.edit("IstioOperator", "eastwest-gateway", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
                $0[path: ["metadata", "finalizers"]] = [
                    "istio-finalizer.install.istio.io", "others.example/theirs",
                ]
                $0["status"] = ["message": "its last word"]
            }
            $0.edit("IstioOperator", "ingress-gateway", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
        }
        let asked = Situation.gloo(
            .gloo(parameters: ["gateways": "none", "clearFinalizers": ["istiooperators"]]))
        let clearing = try GlooRunbook.step("remove-old-gateways", of: "retire", in: asked)
        let plain = try GlooRunbook.step("remove-old-gateways", of: "retire")
        // One that is only down may come back.
        world.edit("Deployment", "istio-operator", in: "istio-operator") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        #expect(world.observe(clearing).word == "failed terminal")
        world.remove("Deployment", "istio-operator", in: "istio-operator")
        let pod: JSON = [
            "kind": "Pod",
            "metadata": ["name": "istio-operator-1", "namespace": "istio-operator"],
            "spec": ["containers": []], "status": ["phase": "Running"],
        ]
        world.cluster.append(pod)
        #expect(world.observe(clearing).word == "failed terminal")
        world.remove("Pod", "istio-operator-1", in: "istio-operator")
        #expect(world.observe(plain).word == "failed terminal")
        guard case .settling(let item, let hold, _) = world.observe(clearing) else {
            Issue.record("\(world.observe(clearing))")
            return
        }
        #expect(hold == .seconds(30))
        world.settled.insert(item)
        #expect(world.observe(clearing).saying.contains("its finalizer is taken off"))
        // Copies come first.
        let copies = world.commands(clearing).withoutLease
        #expect(copies.map(\.purpose) == ["keep copies of what is removed"])
        world.run(copies)
        let patches = world.commands(clearing).withoutLease
        #expect(patches.map { $0.argv.contains("eastwest-gateway") } == [true])
        let patch = patches.first?.stdin ?? ""
        #expect(patch.contains(#""value":["others.example/theirs"]"#))
        #expect(patch.contains("/metadata/resourceVersion"))
        #expect(!plain.preview.acts.contains { $0.purpose.contains("finalizer") })
        #expect(clearing.preview.acts.contains { $0.purpose.contains("finalizer") })
    }

    @Test func `resources of the new revision and ignored ones are never deleted`() throws {
        let ignored = try Fixture.sample("installed-state-ignored", in: "istiooperators")
        let world = try world { $0.cluster.append(ignored) }
        for name in ["remove-old-gateways", "remove-old-control-plane"] {
            var copied = world
            let (_, commands) = copied.turn(try GlooRunbook.step(name, of: "retire"))
            let deleted = commands.filter { $0.argv.contains("delete") }.map(\.argv)
            #expect(deleted.count == 1)
            #expect(!deleted.joined().contains("installed-state"))
            #expect(!deleted.joined().contains("gloo-mesh-1-15"))
        }
    }

    @Test func `the sweep takes parts of the old control plane only, webhooks first`() throws {
        var world = try World("70")
        let old: JSON = ["istio.io/rev": "default", "operator.istio.io/component": "Pilot"]
        for (kind, name, labels) in [
            ("Service", "istiod", old), ("ConfigMap", "istio", old),
            (
                "ValidatingWebhookConfiguration", "istio-validator-istio-system",
                ["istio.io/rev": "default", "app": "istiod"]
            ),
            (
                "ValidatingWebhookConfiguration", "istiod-default-validator",
                ["istio.io/rev": "default", "app": "istiod"]
            ),
            (
                "Service", "ingress",
                [
                    "istio.io/rev": "default",
                    "operator.istio.io/component": "IngressGateways",
                ]
            ),
            (
                "ConfigMap", "cni",
                ["istio.io/rev": "default", "operator.istio.io/component": "Cni"]
            ),
            ("ConfigMap", "mine", ["istio.io/rev": "default"]),
        ] as [(String, String, JSON)] {
            let namespace: JSON = kind.hasPrefix("Validating") ? nil : "istio-system"
            world.cluster.append([
                "kind": .string(kind),
                "metadata": ["name": .string(name), "namespace": namespace, "labels": labels],
            ])
        }
        let step = try GlooRunbook.step("sweep", of: "retire")
        var deleted: [[String]] = []
        for _ in 0..<10 where world.observe(step).word == "notDone" {
            let commands = world.commands(step).filter { $0.argv.contains("delete") }
            world.run(commands)
            deleted += commands.map { $0.argv.drop { $0 != "delete" }.dropFirst().prefix(2) }
                .map(Array.init)
        }
        #expect(
            deleted == [
                ["validatingwebhookconfigurations", "istio-validator-istio-system"],
                ["services", "istiod"], ["configmaps", "istio"],
            ])
    }

    @Test(arguments: [false, true])
    func `the default validator goes over before the old control plane goes`(
        relabels: Bool
    ) throws {
        let kind = "ValidatingWebhookConfiguration"
        var validator = try Fixture.sample("vwc-istiod-default-validator", in: "webhooks")
        validator[path: ["metadata", "labels", "install.operator.istio.io/owning-resource"]] =
            "control-plane"
        var world = try world { $0.cluster.append(validator) }
        var parameters: [String: JSON] = ["gateways": "none"]
        if relabels { parameters["namespaces"] = "relabel" }
        for name in ["lock", "remove-old-gateways", "move-default", "remove-old-control-plane"] {
            let step = try GlooRunbook.step(
                name, of: "retire", in: .gloo(.gloo(parameters: parameters)))
            #expect(world.turn(step).observation.word == "done", "\(name)")
        }
        #expect(world.object("Deployment", "istiod", in: "istio-system") == nil)
        let found = try #require(world.object(kind, validator.name))
        #expect(ValidatorConfiguration(found)?.services == ["istio-system/istiod-1-15"])
        #expect(found.labels["istio.io/rev"] == "1-15")
    }

    @Test func `a cluster where nobody checks configuration by default is told`() throws {
        let words = "nobody checks configuration that names no revision"
        var world = try World("70")
        let step = try GlooRunbook.step("final-check", of: "retire")
        #expect("\(world.observe(step))".contains(words))
        world.cluster.append(try Fixture.sample("vwc-istiod-default-validator", in: "webhooks"))
        world.run(world.commands(try GlooRunbook.step("move-default", of: "retire")))
        #expect(world.observe(step).word == "done")
        #expect(!"\(world.observe(step))".contains(words))
    }

    @Test(arguments: [Set<String>(), ["policy/v1"], ["policy/v1beta1"]])
    func `the sweep finds budgets in whatever version the server has`(
        unknown: Set<String>
    ) throws {
        var world = try World("70")
        world.unknownVersions = unknown
        let labels: JSON = ["istio.io/rev": "default", "app": "istiod"]
        world.cluster.append([
            "kind": "PodDisruptionBudget",
            "metadata": ["name": "istiod", "namespace": "istio-system", "labels": labels],
        ])
        #expect(try reason("sweep", world) == "poddisruptionbudgets istiod left")
    }

    @Test func `no command of the runbook deletes a protected thing`() throws {
        for stage in ["60", "70"] {
            let world = try World(stage)
            for step in GlooRunbook.steps(of: "retire", in: .gloo()) {
                guard world.observe(step).word == "notDone" else { continue }
                for command in world.commands(step) where command.argv.contains("delete") {
                    #expect(!command.argv.contains("namespace"))
                    #expect(!command.argv.contains { $0.contains("customresourcedefinition") })
                    #expect(!command.argv.contains { $0.contains("istio-cni-node") })
                }
            }
        }
    }

    @Test func `the operator stays while it has something to clean up`() throws {
        let world = try World("60")
        #expect(try reason("remove-old-operator", world).hasPrefix("the operator still has"))
    }

    @Test func `an operator of another revision is not the old one`() throws {
        var world = try World("70")
        let environment: JSON = ["name": "REVISION", "value": "1-13"]
        let container: JSON = ["name": "istio-operator", "env": [environment]]
        world.cluster.append([
            "kind": "Deployment",
            "metadata": ["name": "istio-operator", "namespace": "istio-operator"],
            "spec": ["template": ["spec": ["containers": [container]]]],
        ])
        #expect(try reason("remove-old-operator", world) == "done")
    }

    @Test func `the last look finds a dangling webhook and a missing namespace`() throws {
        var world = try World("70")
        world.cluster.append(
            try Fixture.sample("vwc-istiod-default-validator", in: "webhooks"))
        #expect(try reason("final-check", world).contains("istiod-default-validator calls"))
        world = try World("70")
        world.remove("Namespace", "gm-iop-1-15")
        #expect(try reason("final-check", world) == "protected namespaces are gone: gm-iop-1-15")
    }
}
