import FleetModel
import Testing

@testable import Takeovers

@Suite struct GlooRetireTests {
    private func reason(_ name: String, _ world: World) throws -> String {
        let step = try GlooRunbook.step(name, of: "retire")
        switch world.observe(step) {
        case .failed(let failure): return failure.reason
        case .partial(let words), .unknown(let words), .notDone(let words): return words
        case let other: return other.word
        }
    }

    private func world(_ change: (inout World) throws -> Void) throws -> World {
        var world = try World("60")
        try change(&world)
        return world
    }

    @Test func `unused must be seen twice, half a minute apart`() throws {
        var world = try World("60")
        let step = try GlooRunbook.step("prove-old-unused", of: "retire")
        guard case .settling(let item, let duration, _) = world.observe(step) else {
            Issue.record("expected to hold")
            return
        }
        #expect(duration == .seconds(30))
        world.settled = [item]
        #expect(world.observe(step).word == "done")
    }

    @Test func `a proxy on the old revision is a use`() throws {
        let world = try world { $0.cluster.append(try Fixture.sample("bare-pod", in: "pods")) }
        #expect(try reason("prove-old-unused", world).contains("/toolbox"))
        #expect(try reason("remove-old-control-plane", world).contains("/toolbox"))
    }

    @Test func `the nodes' network agent must not go with the old revision`() throws {
        let agent: JSON = [
            "kind": "DaemonSet",
            "metadata": [
                "name": "istio-cni-node", "namespace": "kube-system",
                "labels": ["install.operator.istio.io/owning-resource": "control-plane"],
            ],
        ]
        let world = try world { $0.cluster.append(agent) }
        let words = "kube-system/istio-cni-node would go with default"
        #expect(try reason("prove-old-unused", world) == words)
        #expect(try reason("remove-old-control-plane", world).contains(words))
    }

    @Test func `a proxy that nothing tells the revision of may be a use`() throws {
        let proxy: JSON = ["name": "istio-proxy", "image": "proxyv2@sha256:0"]
        let world = try world {
            $0.cluster.append([
                "kind": "Pod", "metadata": ["name": "odd", "namespace": "shop"],
                "spec": ["containers": [proxy]],
            ])
        }
        #expect(try reason("prove-old-unused", world) == "proxies on default: shop/odd (perhaps)")
    }

    @Test func `a pod that may lose its control plane is no use, and nothing to restart`() throws {
        let pod = try Fixture.sample("bare-pod", in: "pods")
        let world = try world { $0.cluster.append(pod) }
        let parameters: [String: JSON] = [
            "gateways": "none", "waived": [.string(pod.qualifiedName)],
        ]
        let situation = Situation.gloo(.gloo(parameters: parameters))
        for (phase, name, word) in [
            ("prepare", "preflight", "done"), ("takeover", "restart-workloads", "done"),
            ("retire", "prove-old-unused", "settling"),
        ] {
            let step = try GlooRunbook.step(name, of: phase, in: situation)
            #expect(world.observe(step).word == word, "\(name)")
        }
    }

    @Test(arguments: ["terminating-old", "job-running"])
    func `pods that end by themselves are waited for`(sample: String) throws {
        let world = try world { $0.cluster.append(try Fixture.sample(sample, in: "pods")) }
        let step = try GlooRunbook.step("prove-old-unused", of: "retire")
        #expect(world.observe(step).word == "partial")
        let removal = try GlooRunbook.step("remove-old-control-plane", of: "retire")
        #expect(world.observe(removal).word == "unknown")
    }

    @Test func `a completed Job's pod uses nothing`() throws {
        let world = try world { $0.cluster.append(try Fixture.sample("job-completed", in: "pods")) }
        #expect(try reason("prove-old-unused", world) == "settling")
    }

    @Test func `an old gateway that no resource owns would not go by itself`() throws {
        let world = try world {
            $0.remove("IstioOperator", "eastwest-gateway", in: "istio-system")
            for index in $0.cluster.indices where $0.cluster[index].namespace == "istio-gateways" {
                let path = ["metadata", "labels", "install.operator.istio.io/owning-resource"]
                $0.cluster[index][path: path] = nil
            }
        }
        #expect(
            try reason("prove-old-unused", world).hasPrefix(
                "proxies on default: istio-gateways/istio-eastwestgateway"))
    }

    @Test func `a template that would come back on the old revision is a use`() throws {
        let world = try World("40")
        let words = try reason("prove-old-unused", world)
        #expect(words.contains("the template of bookinfo/details-v1 selects default"))
        #expect(words.contains("namespace bookinfo selects default"))
        #expect(words.contains("a new pod in bookinfo would be injected by default 1.14.5"))
    }

    @Test(arguments: [
        ("ReplicaSet", nil), ("ReplicationController", nil), ("Rollout", "ReplicaSet"),
        ("DeploymentConfig", "ReplicationController"),
    ])
    func `what runs no pod now may run one on the old revision later`(
        kind: String, version: String?
    ) throws {
        var world = try World("40")
        let template: JSON = ["metadata": ["labels": ["app": "lone"]]]
        let spec: JSON = ["replicas": 0, "template": template]
        world.cluster.append([
            "kind": .string(kind), "metadata": ["name": "lone", "namespace": "bookinfo"],
            "spec": spec,
        ])
        if let version {
            let owner: JSON = ["kind": .string(kind), "name": "lone", "controller": true]
            world.cluster.append([
                "kind": .string(version), "spec": spec,
                "metadata": [
                    "name": "lone-1", "namespace": "bookinfo", "ownerReferences": [owner],
                ],
            ])
        }
        let words = try reason("prove-old-unused", world)
        #expect(words.contains("the template of bookinfo/lone selects default"))
        #expect(!words.contains("bookinfo/lone-1"))
    }

    @Test func `machines of a group may use the old revision until somebody knows better`() throws {
        let world = try world {
            $0.cluster.append([
                "kind": "WorkloadGroup", "metadata": ["name": "vm", "namespace": "billing"],
            ])
        }
        let words = "machines of WorkloadGroup billing/vm may use default"
        #expect(try reason("prove-old-unused", world) == words)
        #expect(try reason("remove-old-control-plane", world) == words)
        let step = try GlooRunbook.step(
            "prove-old-unused", of: "retire",
            in: .gloo(.gloo(parameters: ["waived": ["billing/vm"]])))
        #expect(world.observe(step).word == "settling")
    }

    @Test func `a tag that points to the old revision is a use`() throws {
        let tag = try Fixture.sample("mwc-istio-revision-tag-prod-stable-to-1-15", in: "webhooks")
        let world = try world {
            var tag = tag
            tag[path: ["metadata", "labels", "istio.io/rev"]] = "default"
            $0.cluster.append(tag)
        }
        #expect(
            try reason("prove-old-unused", world)
                == "istio-revision-tag-prod-stable points to default")
    }

    @Test(arguments: [
        "defaultConfig:\n  discoveryAddress: istiod.istio-system.svc:15012\n",
        "defaultConfig:\n  discoveryAddress: \"istiod.istio-system.svc:15012\"\n",
        "defaultConfig: {discoveryAddress: 'istiod:15012', tracing: {}}",
        #"{"defaultConfig":{"discoveryAddress":"istiod.istio-system.svc:15012"}}"#,
    ])
    func `a new mesh that finds its control plane at the old address is a use`(
        mesh: String
    ) throws {
        let world = try world {
            $0.cluster.append([
                "kind": "ConfigMap",
                "metadata": ["name": "istio-1-15", "namespace": "istio-system"],
                "data": ["mesh": .string(mesh)],
            ])
        }
        #expect(try reason("prove-old-unused", world).contains("discoveryAddress"))
    }

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
