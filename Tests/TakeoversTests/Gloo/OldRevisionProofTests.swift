import FleetModel
import Testing

@testable import Takeovers

/// Whether anything still uses the old revision, which keeps all of it.
@Suite struct OldRevisionProofTests: RetiringGloo {
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

    @Test func `an agent of another revision, or of no resource, stays where it is`() throws {
        for labels: JSON in [
            ["istio.io/rev": "1-15", "install.operator.istio.io/owning-resource": "control-plane"],
            ["istio.io/rev": "default"],
        ] {
            let world = try world {
                $0.cluster.append([
                    "kind": "DaemonSet",
                    "metadata": [
                        "name": "istio-cni-node", "namespace": "kube-system", "labels": labels,
                    ],
                ])
            }
            #expect(try reason("prove-old-unused", world) == "settling")
        }
    }

    @Test func `whatever else uses the old revision, nobody waits for a pod to end`() throws {
        let world = try world {
            $0.cluster += [
                try Fixture.sample("terminating-old", in: "pods"),
                ["kind": "WorkloadGroup", "metadata": ["name": "vm", "namespace": "billing"]],
            ]
        }
        let step = try GlooRunbook.step("prove-old-unused", of: "retire")
        #expect(world.observe(step).word == "failed terminal")
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

    @Test func `a CronJob's next pod may be on the old revision`() throws {
        var world = try World("40")
        let template: JSON = ["metadata": ["labels": ["app": "nightly"]]]
        world.cluster.append([
            "kind": "CronJob", "metadata": ["name": "nightly", "namespace": "bookinfo"],
            "spec": ["jobTemplate": ["spec": ["template": template]]],
        ])
        let words = try reason("prove-old-unused", world)
        #expect(words.contains("the template of bookinfo/nightly selects default"))
    }

    @Test(arguments: [
        ("StatefulSet", nil), ("DaemonSet", nil), ("ReplicaSet", nil),
        ("ReplicationController", nil), ("Rollout", "ReplicaSet"),
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
}
