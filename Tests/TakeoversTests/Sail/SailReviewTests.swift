import FleetModel
import Testing

@testable import Takeovers

/// What the preflight of an upgrade by the sail operator finds.
@Suite struct SailReviewTests {
    private static func situation(
        _ parameters: [String: JSON] = [:], revision: Revision = "default-v1-15-0",
        version: String = "1.15.0"
    ) -> Situation {
        let takeover = Takeover(
            name: "sail", runbook: "sail", revision: revision, version: version,
            oldRevision: "default", parameters: parameters)
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
            epoch: 1)
    }

    /// A cluster whose only control plane the operator leads.
    private static func world(isInPlace: Bool = false) throws -> World {
        var world = try World("00")
        world.management = []
        var istio = try Fixture.sample("istio-healthy", in: "sail")
        istio[path: ["spec", "version"]] = "v1.14.5"
        istio[path: ["spec", "updateStrategy", "type"]] = isInPlace ? "InPlace" : "RevisionBased"
        istio[path: ["status", "activeRevisionName"]] = "default"
        world.cluster.append(istio)
        return world
    }

    private func found(
        _ check: String, in situation: Situation = situation(), isInPlace: Bool = false,
        _ change: (inout World) -> Void = { _ in }
    ) throws -> [String] {
        var world = try Self.world(isInPlace: isInPlace)
        change(&world)
        return world.findings(of: check, by: SailRunbook.self, in: situation).map {
            "\($0.severity) \($0.words)"
        }
    }

    @Test func `a cluster that is well has nothing that blocks`() throws {
        let findings = try Self.world().findings(by: SailRunbook.self, in: Self.situation())
        #expect(findings.filter { $0.severity == .block } == [])
        #expect(
            findings.allSatisfy { finding in
                SailRunbook.checks.contains { $0.number == finding.check }
            })
    }

    // MARK: - What every runbook asks

    struct Trouble: CustomTestStringConvertible, Sendable {
        let check: String
        let stage: @Sendable (inout World) throws -> Void

        var testDescription: String { check }
    }

    static let troubles = [
        Trouble(check: "P01") { $0.forbidden = ["patch istios"] },
        Trouble(check: "P03") {
            $0.edit("Deployment", "istiod", in: "istio-system") {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        },
        Trouble(check: "P04") { $0.remove("Service", "istiod", in: "istio-system") },
        Trouble(check: "P05") {
            $0.edit("Namespace", "bookinfo") {
                $0[path: ["metadata", "labels", "istio.io/rev"]] = "x"
            }
        },
        Trouble(check: "P07") {
            $0.edit("Deployment", "ratings-v1", in: "bookinfo") {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        },
        Trouble(check: "P08") {
            $0.cluster.append([
                "kind": "PodDisruptionBudget",
                "metadata": ["name": "reviews", "namespace": "bookinfo"],
                "status": ["currentHealthy": 1, "desiredHealthy": 2],
            ])
        },
        Trouble(check: "P09") {
            let other = try Fixture.sample("b", in: "roots")
            $0.edit("ConfigMap", "istio-ca-root-cert", in: "bookinfo") {
                $0["data"] = other["data"]
            }
        },
        Trouble(check: "P12") {
            $0.edit("IstioOperator", "control-plane", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
        },
        Trouble(check: "P13") {
            $0.cluster.append([
                "kind": "DaemonSet",
                "metadata": [
                    "name": "istio-cni-node", "namespace": "kube-system",
                    "labels": [
                        "istio.io/rev": "default",
                        "install.operator.istio.io/owning-resource": "control-plane",
                    ],
                ],
            ])
        },
        Trouble(check: "P18") { $0.denials["bookinfo"] = { _ in "the policy says no" } },
        Trouble(check: "P19") {
            $0.cluster.append([
                "kind": "Pod", "metadata": ["name": "big", "namespace": "shop"],
                "status": [
                    "phase": "Pending",
                    "conditions": [
                        ["type": "PodScheduled", "status": "False", "reason": "Unschedulable"]
                    ],
                ],
            ])
        },
        Trouble(check: "P20") {
            $0.probed["https://shop.example.com/"] = "503\n503\n503\n503\n503\n"
        },
        Trouble(check: "PO1") { $0.isOpenShift = true },
        Trouble(check: "lock") {
            $0.cluster.append([
                "kind": "Lease",
                "metadata": ["name": .string(WriterLock.name), "namespace": "default"],
                "spec": ["holderIdentity": "9QQQ"],
            ])
        },
    ]

    @Test(arguments: troubles)
    func `what troubles a cluster is found before the operator is told anything`(
        _ trouble: Trouble
    ) throws {
        var world = try Self.world()
        let situation = Self.situation(["probes": ["https://shop.example.com/"]])
        let before = world.findings(of: trouble.check, by: SailRunbook.self, in: situation)
        try trouble.stage(&world)
        let after = world.findings(of: trouble.check, by: SailRunbook.self, in: situation)
        #expect(!Set(after).subtracting(before).isEmpty, "\(after)")
    }

    @Test func `a budget that lets no pod go is in the way of evictions`() throws {
        let words = try found("P08") { world in
            world.edit("Deployment", "ratings-v1", in: "bookinfo") {
                $0["kind"] = "StatefulSet"
                $0[path: ["spec", "updateStrategy"]] = ["type": "OnDelete"]
            }
            for pod in world.cluster where pod["kind"] == "Pod" && pod.name.hasPrefix("ratings-v1")
            {
                world.edit("Pod", pod.name, in: pod.namespace) {
                    $0[path: ["metadata", "ownerReferences"]] = [
                        ["kind": "StatefulSet", "name": "ratings-v1", "controller": true]
                    ]
                }
            }
            world.cluster.append([
                "kind": "PodDisruptionBudget",
                "metadata": ["name": "ratings", "namespace": "bookinfo"],
                "spec": ["selector": ["matchLabels": ["app": "ratings"]]],
            ])
        }
        let start = "block StatefulSet bookinfo/ratings-v1 is moved pod by pod, and disruption"
        #expect(words.contains { $0.hasPrefix(start) }, "\(words)")
    }

    @Test func `in its own place a version may be one minor ahead, and two beside the old one`()
        throws
    {
        let far = Self.situation(revision: "default-v1-16-0", version: "1.16.0")
        #expect(try found("P15", in: far).isEmpty)
        let inPlace = Self.situation(revision: "default", version: "1.16.0")
        let words = "block 1.16.0 is no control plane for proxies of 1.14.5"
        #expect(try found("P15", in: inPlace, isInPlace: true) == [words])
        let near = Self.situation(revision: "default", version: "1.15.0")
        #expect(try found("P15", in: near, isInPlace: true).isEmpty)
    }

    @Test func `namespaces that name the old revision block, unless they are led over`() throws {
        var takeover = Self.situation().takeover
        (takeover.oldRevision, takeover.revision) = ("default-v1-14-5", "default-v1-15-0")
        let named = { (parameters: [String: JSON], revision: Revision) -> [String] in
            takeover.parameters = parameters
            takeover.revision = revision
            let situation = Situation(
                takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
                epoch: 1)
            return try found("P05", in: situation) {
                $0.edit("Namespace", "bookinfo") {
                    $0[path: ["metadata", "labels"]] = ["istio.io/rev": "default-v1-14-5"]
                }
            }.filter { $0.hasPrefix("block") }
        }
        let words = "block named for default-v1-14-5: bookinfo"
        #expect(try named([:], "default-v1-15-0") == [words])
        #expect(try named(["namespaces": "relabel"], "default-v1-15-0").isEmpty)
        #expect(try named([:], "default-v1-14-5").isEmpty)
    }

    // MARK: - The operator's resources

    @Test func `without the resource there is nothing to update`() throws {
        #expect(
            try found("PS1") { $0.remove("Istio", "default") } == [
                "block there is no Istio default"
            ])
    }

    @Test func `a resource that is not well is not changed`() throws {
        let words = try found("PS1") {
            $0.edit("Istio", "default") { $0[path: ["status", "state"]] = "ReconcileError" }
        }
        #expect(words == ["block Istio default: ReconcileError"])
    }

    @Test func `a resource that is led another way than the takeover means blocks`() throws {
        #expect(
            try found("PS1", isInPlace: true) == ["block Istio default is updated in place"])
        let inPlace = Self.situation(revision: "default")
        #expect(
            try found("PS1", in: inPlace) == ["block Istio default is updated by revisions"])
    }

    @Test(arguments: [
        ("v1.14.5", "default", true), ("v1.14.5", "default-v1-15-0", false),
        ("v1.15.0", "default-v1-15-0", true), ("v1.15.0", "default", true),
        ("v1.15.0", "default-v1-13-0", false),
    ])
    func `the active revision is the old one, or the new one once it is asked for`(
        version: String, active: String, isKnown: Bool
    ) throws {
        let words = try found("PS1") {
            $0.edit("Istio", "default") {
                $0[path: ["spec", "version"]] = .string(version)
                $0[path: ["status", "activeRevisionName"]] = .string(active)
            }
        }
        #expect(words == (isKnown ? [] : ["block the active revision is \(active), not default"]))
    }

    @Test(arguments: [("v1.14.5", true), ("v1.15.0", false)])
    func `a new revision is ours once the resource has its version`(
        version: String, isForeign: Bool
    ) throws {
        let words = try found("P03") { world in
            world.edit("Istio", "default") { $0[path: ["spec", "version"]] = .string(version) }
            guard var istiod = world.object("Deployment", "istiod", in: "istio-system") else {
                return
            }
            istiod[path: ["metadata", "name"]] = "istiod-default-v1-15-0"
            istiod[path: ["metadata", "labels", "istio.io/rev"]] = "default-v1-15-0"
            world.cluster.append(istiod)
        }
        #expect(words == (isForeign ? ["block revision default-v1-15-0 is in use already"] : []))
    }

    @Test func `in its own place the revision is there and is meant`() throws {
        #expect(try found("P03", in: Self.situation(revision: "default"), isInPlace: true).isEmpty)
    }

    @Test func `a version that the operator does not know blocks`() throws {
        let words = try found("PS2") { $0.cluster.append(Self.definition(["v1.14.5", "v1.14.6"])) }
        #expect(words == ["block it knows v1.14.5, v1.14.6, not v1.15.0"])
        #expect(try found("PS2") { $0.cluster.append(Self.definition(["v1.15.0"])) }.isEmpty)
        #expect(try found("PS2") { $0.cluster.append(Self.definition([])) }.isEmpty)
        #expect(try found("PS2").isEmpty)
    }

    /// The versions of `v1`; those of an older version of the API are others.
    private static func definition(_ versions: [String]) -> JSON {
        let served = { (name: String, versions: [String]) -> JSON in
            var version: JSON = ["name": .string(name)]
            let path = ["schema", "openAPIV3Schema", "properties", "spec", "properties", "version"]
            version[path: path + ["enum"]] = .array(versions.map(JSON.string))
            return version
        }
        return [
            "kind": "CustomResourceDefinition", "metadata": ["name": .string(SailResource.istios)],
            "spec": ["versions": [served("v1alpha1", ["v1.0.0"]), served("v1", versions)]],
        ]
    }

    @Test func `an operator that moves workloads itself is told`() throws {
        let words = try found("PS3") {
            $0.edit("Istio", "default") {
                $0[path: ["spec", "updateStrategy", "updateWorkloads"]] = true
            }
        }
        #expect(words == ["warn the operator moves workloads itself (updateWorkloads)"])
    }

    @Test(arguments: [
        ("Istio", "default", ["note tag default follows as soon as the version is changed"]),
        ("Istio", "other", []), ("IstioRevision", "default", []),
    ])
    func `a tag that follows its Istio is told`(
        kind: String, target: String, words: [String]
    ) throws {
        let tag = try Fixture.sample("istiorevisiontag-default", in: "sail")
        let found = try found("PS3") {
            $0.cluster.append(tag)
            $0.edit("IstioRevisionTag", "default") {
                $0[path: ["spec", "targetRef"]] = ["kind": .string(kind), "name": .string(target)]
            }
        }
        #expect(found == words)
    }

    @Test func `a tag that is not well is told in the operator's words`() throws {
        let tag = try Fixture.sample("istiorevisiontag-default", in: "sail")
        let found = try found("PS3") {
            $0.cluster.append(tag)
            $0.edit("IstioRevisionTag", "default") {
                $0[path: ["status", "state"]] = "NameAlreadyExists"
            }
        }
        #expect(found == ["warn tag default: NameAlreadyExists"])
    }
}
