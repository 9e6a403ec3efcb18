import FleetModel
import Testing

@testable import Takeovers

/// What stands around the workloads, at the start of the Gloo scenario.
struct SurroundingChecksTests {
    private func findings(
        _ takeover: Takeover = .gloo(), by runbook: any Runbook.Type = GlooRunbook.self,
        refusing path: String? = nil, _ change: (inout World) -> Void
    ) throws -> [Finding] {
        var world = try World("00")
        change(&world)
        var context = StepContext(now: now)
        let situation = Situation.gloo(takeover)
        for _ in 0..<8 {
            switch runbook.preflight(in: situation, context) {
            case .findings(let findings): return findings
            case .needs(let readings):
                for reading in readings { context.readings[reading] = world.answer(reading) }
                if let path { context.readings[.path(path, on: .cluster)] = .refused("no") }
            case let other:
                Issue.record("\(other)")
                return []
            }
        }
        return []
    }

    private let now = Timestamp(rfc3339: "2025-05-20T10:00:00Z") ?? Timestamp(milliseconds: 0)

    private func found(_ check: String, in findings: [Finding]) -> [Finding] {
        findings.filter { $0.check == check }
    }

    @Test func `machines outside are told before anything is touched, not only in the end`() throws
    {
        let takeover = Takeover.gloo(
            parameters: ["gateways": "none", "waived": ["billing/gone"]])
        let machines = try findings(takeover) {
            for (kind, name, notes) in [
                ("WorkloadGroup", "vm", [:]), ("WorkloadGroup", "gone", [:]),
                ("WorkloadEntry", "vm-1", ["istio.io/autoRegistrationGroup": "vm"]),
                ("WorkloadEntry", "printer", [:]),
            ] as [(String, String, JSON)] {
                $0.cluster.append([
                    "kind": .string(kind),
                    "metadata": [
                        "name": .string(name), "namespace": "billing", "annotations": notes,
                    ],
                ])
            }
        }
        #expect(
            machines.filter { $0.check == "P06" } == [
                Finding(
                    "P06", .warn,
                    "machines of WorkloadGroup billing/vm may use default, which would not be "
                        + #"retired: lead them over, then name it in the parameter "waived""#),
                Finding(
                    "P06", .note,
                    "WorkloadEntry billing/printer may be a machine that uses default"),
            ])
    }

    @Test func `nothing of it troubles the scenario`() throws {
        let numbers = Set(try findings { _ in }.filter { $0.severity > .note }.map(\.check))
        #expect(numbers.isDisjoint(with: ["P08", "P13", "P15", "P17", "P18", "P19"]))
    }

    @Test func `an operator that does not say what it watches is told`() throws {
        let words = "istio-operator/istio-operator does not say which namespaces it watches"
        #expect(found("P11", in: try findings { _ in }) == [Finding("P11", .warn, words)])
    }

    @Test func `where no operator is brought an old one can handle nothing of it`() throws {
        var world = try World.revision("00")
        world.cluster.append([
            "kind": "Deployment",
            "metadata": ["name": "istio-operator", "namespace": "istio-operator"],
            "spec": [
                "template": ["spec": ["containers": [["env": [["name": "WATCH_NAMESPACE"]]]]]]
            ],
        ])
        let told = world.findings(by: RevisionRunbook.self, in: .revision())
        #expect(!told.isEmpty && !told.contains { $0.check == "P11" })
        #expect(!RevisionRunbook.checks.contains { $0.number == "P11" })
    }

    @Test func `every finding has a check that the matrix knows`() throws {
        let findings = try findings {
            $0.remove("Service", "istiod", in: "istio-system")
            $0.management = []
        }
        let known = Set(GlooRunbook.checks.map(\.number))
        #expect(known.count == GlooRunbook.checks.count)
        #expect(!findings.isEmpty)
        #expect(findings.allSatisfy { known.contains($0.check) })
    }

    @Test func `a budget that is broken already is told`() throws {
        let budget: JSON = [
            "kind": "PodDisruptionBudget",
            "metadata": ["name": "reviews", "namespace": "bookinfo"],
            "status": ["currentHealthy": 1, "desiredHealthy": 2],
        ]
        let findings = try findings { $0.cluster.append(budget) }
        #expect(
            found("P08", in: findings).filter { $0.severity > .note } == [
                Finding("P08", .warn, "fewer pods are healthy than asked for by bookinfo/reviews")
            ])
    }

    @Test(arguments: [
        ("", "", true), ("", "istio-system", false), ("default", "", false),
        ("1-15", "istio-system,gm-iop-1-15", true),
    ])
    func `an operator that would handle Gloo's resources blocks`(
        revision: String, watched: String, blocks: Bool
    ) throws {
        let container: JSON = [
            "env": [
                ["name": "REVISION", "value": .string(revision)],
                ["name": "WATCH_NAMESPACE", "value": .string(watched)],
            ]
        ]
        let findings = try findings { world in
            world.cluster.removeAll {
                $0["kind"] == "Deployment" && $0.name.hasPrefix("istio-operator")
            }
            world.cluster.append([
                "kind": "Deployment",
                "metadata": ["name": "istio-operator", "namespace": "istio-operator"],
                "spec": ["template": ["spec": ["containers": [container]]]],
            ])
        }
        let words = "istio-operator/istio-operator would handle what is made in gm-iop-1-15"
        #expect(
            found("P11", in: findings) == (blocks ? [Finding("P11", .block, words)] : []))
    }

    /// The chart writes `unknown` where Helm installs it, and the revision `default`.
    @Test(arguments: [("control-plane", [Finding.Severity.warn]), ("unknown", [])])
    func `the CNI agent of the old installation is named`(
        owner: String, severities: [Finding.Severity]
    ) throws {
        let agent: JSON = [
            "kind": "DaemonSet",
            "metadata": [
                "name": "istio-cni-node", "namespace": "kube-system",
                "labels": [
                    "istio.io/rev": "default",
                    "install.operator.istio.io/owning-resource": .string(owner),
                ],
            ],
        ]
        let findings = try findings { $0.cluster.append(agent) }
        #expect(found("P13", in: findings).map(\.severity) == severities)
    }

    @Test func `versions that are too far apart block, unless that is wanted`() throws {
        var takeover = Takeover.gloo()
        takeover.version = "1.18.0-solo"
        let strict = found("P15", in: try findings(takeover) { _ in })
        #expect(strict.map(\.severity) == [.block])
        takeover.parameters["allowSkew"] = true
        #expect(found("P15", in: try findings(takeover) { _ in }).map(\.severity) == [.warn])
        takeover.version = "1.13.0-solo"
        #expect(found("P15", in: try findings(takeover) { _ in }).count == 1, "proxies are ahead")
    }

    /// Has the proxies of pods, and perhaps the old istiod, known by a digest alone.
    private func hideVersions(
        _ world: inout World, of isMeant: (JSON) -> Bool, istiod: Bool
    ) {
        for pod in world.cluster where pod["kind"] == "Pod" && isMeant(pod) {
            world.edit("Pod", pod.name, in: pod.namespace) { pod in
                let containers = pod.spec.items("containers").map { container in
                    var container = container
                    if container["name"] == "istio-proxy" { container["image"] = "proxy@sha256:0" }
                    return container
                }
                pod[path: ["spec", "containers"]] = .array(containers)
            }
        }
        guard istiod else { return }
        world.edit("Deployment", "istiod", in: "istio-system") {
            $0[path: ["spec", "template", "spec", "containers"]] = [
                ["name": "discovery", "image": "istiod@sha256:0"]
            ]
        }
    }

    @Test func `a digest that hides a proxy's version leaves that to its istiod`() throws {
        var takeover = Takeover.gloo()
        takeover.version = "1.18.0-solo"
        let known = found(
            "P15",
            in: try findings(takeover) {
                hideVersions(&$0, of: { $0.namespace == "bookinfo" }, istiod: false)
            })
        #expect(known.map(\.severity) == [.block])
        let unknown = found(
            "P15",
            in: try findings {
                hideVersions(&$0, of: { $0.namespace == "bookinfo" }, istiod: true)
            })
        #expect(unknown.map(\.severity) == [.warn])
        #expect(
            unknown.allSatisfy {
                $0.words.hasSuffix(
                    "show no version, and neither does their istiod: whether 1.15.3-solo may serve "
                        + "them is unknown")
            })
    }

    @Test func `a version of the takeover that says nothing is told`() throws {
        var takeover = Takeover.gloo()
        takeover.version = "latest-solo"
        let words = #"which proxies "latest-solo" may serve, nobody can tell"#
        #expect(found("P15", in: try findings(takeover) { _ in }) == [Finding("P15", .warn, words)])
    }

    @Test func `old gateways that a control plane in place would serve count, too`() throws {
        let takeover = Takeover(
            name: "sail", runbook: "sail", revision: "default", version: "1.15.0",
            oldRevision: "default")
        let told = try findings(takeover, by: SailRunbook.self) { world in
            age(&world, to: "1.12.0") { $0.namespace == "istio-gateways" }
        }
        let words = "1.15.0 is no control plane for proxies of 1.12.0"
        #expect(found("P15", in: told) == [Finding("P15", .block, words)])
    }

    /// It has a step of its own, and is restarted by no other.
    @Test func `a gateway of the takeover counts, too`() throws {
        var world = try World.revision("00")
        var gateway = try #require(
            world.cluster.first { $0["kind"] == "Pod" && Proxy.isInjected(into: $0) })
        let owner = { (kind: String, name: String) -> JSON in
            [["kind": .string(kind), "name": .string(name), "controller": true]]
        }
        gateway[path: ["metadata", "name"]] = "ingress-1"
        gateway[path: ["metadata", "namespace"]] = "edge"
        gateway[path: ["metadata", "ownerReferences"]] = owner("ReplicaSet", "ingress-5d9")
        gateway[path: ["spec", "containers"]] = [
            [
                "name": "istio-proxy", "image": "istio/proxyv2:1.21.0",
                "args": ["proxy", "router"],
            ]
        ]
        gateway[path: ["spec", "initContainers"]] = []
        world.cluster += [
            gateway,
            [
                "kind": "ReplicaSet",
                "metadata": [
                    "name": "ingress-5d9", "namespace": "edge",
                    "ownerReferences": owner("Deployment", "ingress"),
                ],
            ],
        ]
        let takeover = Takeover.revision(parameters: ["gateways": ["edge/ingress"]])
        let told = world.findings(of: "P15", by: RevisionRunbook.self, in: .revision(takeover))
        let words = "1.25.2 is no control plane for proxies of 1.21.0"
        #expect(told == [Finding("P15", .block, words)])
    }

    private func age(_ world: inout World, to version: String, of isMeant: (JSON) -> Bool) {
        for pod in world.cluster where pod["kind"] == "Pod" && isMeant(pod) {
            world.edit("Pod", pod.name, in: pod.namespace) { pod in
                let containers = pod.spec.items("containers").map { container in
                    var container = container
                    if container["name"] == "istio-proxy" {
                        container["image"] = .string("istio/proxyv2:\(version)")
                    }
                    return container
                }
                pod[path: ["spec", "containers"]] = .array(containers)
            }
        }
    }

    @Test(arguments: [
        ("namespaces", "istio-gateways", 1), ("namespaces", "elsewhere", 0),
        ("principals", "cluster.local/ns/istio-gateways/sa/ingress", 1),
        ("principals", "cluster.local/ns/shop/sa/web", 0),
    ])
    func `a policy that names gateways which move is told`(
        field: String, value: String, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": [field: [.string(value)]]]]]]],
        ]
        #expect(found("P17", in: try findings { $0.cluster.append(policy) }).count == count)
    }

    @Test(
        arguments: [
            ("source.namespace", "values", "istio-gateways", 1),
            ("source.namespace", "notValues", "istio-gateways", 1),
            ("source.principal", "values", "cluster.local/ns/istio-gateways/sa/ingress", 1),
            ("source.principal", "values", "cluster.local/ns/shop/sa/web", 0),
            ("source.ip", "values", "istio-gateways", 0),
        ] as [(String, String, String, Int)])
    func `a condition that names gateways which move is told, too`(
        key: String, field: String, value: String, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["when": [["key": .string(key), field: [.string(value)]]]]]],
        ]
        #expect(found("P17", in: try findings { $0.cluster.append(policy) }).count == count)
    }

    /// The new gateways come into the namespace of the old ones.
    @Test(arguments: [
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", nil, 1),
        ("*/sa/old", nil, 1), ("cluster.local/ns/gloo-mesh-gateways/sa/new", nil, 0),
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", "old", 0),
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", "new", 1),
    ])
    func `a policy that names an account which gateways of the same namespace lose is told`(
        principal: String, new: String?, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": ["principals": [.string(principal)]]]]]]],
        ]
        let told = try findings { world in
            let place = "gloo-mesh-gateways"
            for index in world.cluster.indices
            where world.cluster[index].namespace == "istio-gateways" {
                world.cluster[index][path: ["metadata", "namespace"]] = .string(place)
                if world.cluster[index]["kind"] == "Pod" {
                    world.cluster[index][path: ["spec", "serviceAccountName"]] = "old"
                }
            }
            let pods = world.cluster.filter { $0["kind"] == "Pod" && $0.namespace == place }
            if let new, var pod = pods.first {
                pod[path: ["metadata", "name"]] = "new"
                pod[path: ["metadata", "annotations", "istio.io/rev"]] = "1-15"
                pod[path: ["metadata", "labels"]] = ["app": "new"]
                pod[path: ["spec", "serviceAccountName"]] = .string(new)
                world.cluster.append(pod)
            }
            world.cluster.append(policy)
        }
        #expect(found("P17", in: told).count == count, "\(told)")
    }

    @Test(
        arguments: [
            (
                [
                    "from": [
                        ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "x"]]]
                    ]
                ], 0
            ),
            (["from": [["namespaceSelector": ["matchLabels": ["edge": "yes"]]]]], 1),
            (["from": [["podSelector": [:]]]], 0), (["from": [["namespaceSelector": [:]]]], 0),
            ([:], 0),
        ] as [(JSON, Int)])
    func `a policy of the network that lets only the old gateways in is told`(
        rule: JSON, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "NetworkPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["ingress": [rule]],
        ]
        let told = try findings { world in
            world.edit("Namespace", "istio-gateways") {
                $0[path: ["metadata", "labels", "edge"]] = "yes"
            }
            world.cluster.append(policy)
        }
        #expect(found("P17", in: told).count == count)
        #expect(found("P17", in: told).allSatisfy { $0.words.hasSuffix(": bookinfo/front") })
    }

    @Test func `gateways that stay where they are mean the same to every policy`() throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": ["namespaces": ["istio-gateways"]]]]]]],
        ]
        #expect(found("P17", in: try findings { $0.cluster.append(policy) }).count == 1)
        let sail = Takeover(
            name: "sail", runbook: "sail", revision: "default-v1-15-0", version: "1.15.0",
            oldRevision: "default")
        let told = try findings(sail, by: SailRunbook.self) { $0.cluster.append(policy) }
        #expect(!told.isEmpty && found("P17", in: told).isEmpty)
    }

    @Test func `policies of the network that we may not read keep nobody`() throws {
        let told = found("P17", in: try findings(refusing: APIPath.networkPolicies) { _ in })
        #expect(told == [Finding("P17", .note, "we may not read NetworkPolicies")])
    }

    @Test(arguments: [("2025-05-20T09:30:00Z", 1), ("2025-05-20T08:00:00Z", 0)])
    func `a pod that was refused within the hour is told`(seen: String, count: Int) throws {
        let event: JSON = [
            "kind": "Event", "metadata": ["name": "web.1", "namespace": "shop"],
            "reason": "FailedCreate", "message": "exceeded quota: pods",
            "involvedObject": ["kind": "ReplicaSet", "name": "web-5d9", "namespace": "shop"],
            "lastTimestamp": .string(seen),
        ]
        let told = found("P18", in: try findings { $0.cluster.append(event) })
        #expect(told.count == count)
        #expect(told.allSatisfy { $0.words == "shop/web-5d9: exceeded quota: pods" })
    }

    @Test func `a pod without a node is told`() throws {
        let pod: JSON = [
            "kind": "Pod", "metadata": ["name": "big", "namespace": "shop"],
            "status": [
                "phase": "Pending",
                "conditions": [
                    ["type": "PodScheduled", "status": "False", "reason": "Unschedulable"]
                ],
            ],
        ]
        let told = found("P19", in: try findings { $0.cluster.append(pod) })
        #expect(told.map(\.words) == ["no node has room for shop/big"])
    }
}
