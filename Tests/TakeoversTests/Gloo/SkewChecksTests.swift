import FleetModel
import Testing

@testable import Takeovers

/// Which versions of proxies a new control plane may serve (P15).
struct SkewChecksTests {
    @Test func `versions that are too far apart block, unless that is wanted`() throws {
        var takeover = Takeover.gloo()
        takeover.version = "1.18.0-solo"
        let strict = found("P15", in: try World.findings(takeover) { _ in })
        #expect(strict.map(\.severity) == [.block])
        takeover.parameters["allowSkew"] = true
        #expect(found("P15", in: try World.findings(takeover) { _ in }).map(\.severity) == [.warn])
        takeover.version = "1.13.0-solo"
        #expect(
            found("P15", in: try World.findings(takeover) { _ in }).count == 1, "proxies are ahead")
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
            in: try World.findings(takeover) {
                hideVersions(&$0, of: { $0.namespace == "bookinfo" }, istiod: false)
            })
        #expect(known.map(\.severity) == [.block])
        let unknown = found(
            "P15",
            in: try World.findings {
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
        #expect(
            found("P15", in: try World.findings(takeover) { _ in }) == [
                Finding("P15", .warn, words)
            ])
    }

    @Test func `old gateways that a control plane in place would serve count, too`() throws {
        let takeover = Takeover(
            name: "sail", runbook: "sail", revision: "default", version: "1.15.0",
            oldRevision: "default")
        let told = try World.findings(takeover, by: SailRunbook.self) { world in
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
}
