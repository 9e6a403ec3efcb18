import FleetModel
import Testing

@testable import Takeovers

/// What stands around the workloads, at the start of the Gloo scenario.
struct SurroundingChecksTests {
    @Test func `machines outside are told before anything is touched, not only in the end`() throws
    {
        let takeover = Takeover.gloo(
            parameters: ["gateways": "none", "waived": ["billing/gone"]])
        let machines = try World.findings(takeover) {
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
        let numbers = Set(try World.findings { _ in }.filter { $0.severity > .note }.map(\.check))
        #expect(numbers.isDisjoint(with: ["P08", "P13", "P15", "P17", "P18", "P19"]))
    }

    @Test func `an operator that does not say what it watches is told`() throws {
        let words = "istio-operator/istio-operator does not say which namespaces it watches"
        #expect(found("P11", in: try World.findings { _ in }) == [Finding("P11", .warn, words)])
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
        let findings = try World.findings {
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
        let findings = try World.findings { $0.cluster.append(budget) }
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
        let findings = try World.findings { world in
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
        let findings = try World.findings { $0.cluster.append(agent) }
        #expect(found("P13", in: findings).map(\.severity) == severities)
    }

    @Test(arguments: [("2025-05-20T09:30:00Z", 1), ("2025-05-20T08:00:00Z", 0)])
    func `a pod that was refused within the hour is told`(seen: String, count: Int) throws {
        let event: JSON = [
            "kind": "Event", "metadata": ["name": "web.1", "namespace": "shop"],
            "reason": "FailedCreate", "message": "exceeded quota: pods",
            "involvedObject": ["kind": "ReplicaSet", "name": "web-5d9", "namespace": "shop"],
            "lastTimestamp": .string(seen),
        ]
        let told = found(
            "P18",
            in: try World.findings {
                $0.now = try #require(Timestamp(rfc3339: "2025-05-20T10:00:00Z"))
                $0.cluster.append(event)
            })
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
        let told = found("P19", in: try World.findings { $0.cluster.append(pod) })
        #expect(told.map(\.words) == ["no node has room for shop/big"])
    }
}
