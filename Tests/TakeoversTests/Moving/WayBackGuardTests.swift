import FleetModel
import Testing

@testable import Takeovers

/// What keeps a way back from being taken, and what it is not done without.
@Suite struct WayBackGuardTests {
    private let phase = RunbookOutline.rollbackPhase
    private let injector = "istio-sidecar-injector"

    private func step(_ name: String) throws -> Step {
        var takeover = Takeover.gloo()
        takeover.rollsBack = "7F3K"
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: Cluster("mgmt-1"),
            run: "9XYZ", epoch: 1)
        return try GlooRunbook.step(name, of: phase, in: situation)
    }

    // MARK: - The old control plane

    private func refusal(_ change: (inout World) -> Void) throws -> String {
        var world = try World("40")
        let check = try step("check-old-plane")
        #expect(world.observe(check).word == "done", "\(world.observe(check))")
        change(&world)
        guard case .failed(let failure) = world.observe(check), failure.kind == .blocked else {
            return "\(world.observe(check))"
        }
        return failure.reason
    }

    @Test func `an old istiod that goes or does not run is nothing to go back to`() throws {
        #expect(
            try refusal {
                $0.edit("Deployment", "istiod", in: "istio-system") {
                    $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
                }
            } == "the old control plane is gone: istiod is being deleted")
        #expect(
            try refusal {
                $0.edit("Deployment", "istiod", in: "istio-system") {
                    $0[path: ["status", "availableReplicas"]] = 0
                    $0[path: ["status", "updatedReplicas"]] = 0
                }
            }.hasPrefix("the old control plane is not well: istiod: "))
        #expect(
            try refusal { world in
                world.cluster.removeAll {
                    $0["kind"] == "EndpointSlice"
                        && $0.labels["kubernetes.io/service-name"] == "istiod"
                }
                world.cluster.removeAll {
                    $0["kind"] == "Pod" && $0.labels["app"] == "istiod"
                        && $0.labels["istio.io/rev"] == "default"
                }
            } == "the old control plane is not well: Service istio-system/istiod has no ready "
                + "endpoint")
    }

    @Test func `so is one whose injector is gone, cannot be called or selects nobody`() throws {
        let name = injector
        #expect(
            try refusal { $0.remove("MutatingWebhookConfiguration", name) }
                == "the old control plane is gone: default has no injector")
        #expect(
            try refusal {
                $0.edit("MutatingWebhookConfiguration", name) { object in
                    object.eachWebhook { $0[path: ["clientConfig", "caBundle"]] = nil }
                }
            } == "the old control plane is not well: istio-sidecar-injector has no caBundle")
        #expect(
            try refusal {
                $0.edit("MutatingWebhookConfiguration", name) { object in
                    object.eachWebhook {
                        $0["namespaceSelector"] = ["matchLabels": ["istio.io/rev": "prod"]]
                    }
                }
            } == "the old control plane is not well: istio-sidecar-injector injects only where "
                + "somebody names default")
    }

    @Test func `an injector out of service has to be callable, too, before it comes back`() throws {
        var world = try World("40")
        world.run(world.commands(try GlooRunbook.step("deactivate-old-injector", of: "takeover")))
        let check = try step("check-old-plane")
        #expect(world.observe(check).word == "done", "\(world.observe(check))")
        world.edit("MutatingWebhookConfiguration", injector) { object in
            object.eachWebhook { $0[path: ["clientConfig", "caBundle"]] = nil }
        }
        let words = "the old control plane is not well: istio-sidecar-injector has no caBundle"
        #expect(world.observe(check) == .failed(Failure(.blocked, words)))
    }

    @Test func `an old revision with a name need not be the default`() throws {
        var takeover = Takeover.revision()
        takeover.rollsBack = "7F3K"
        let steps = RevisionRunbook.steps(of: phase, in: .revision(takeover))
        var world = try World.revision("20")
        world.remove("MutatingWebhookConfiguration", DefaultTagDraft.name)
        let check = try #require(steps.first)
        #expect(world.observe(check).word == "done", "\(world.observe(check))")
    }

    @Test func `webhooks that nobody answers would refuse what goes back`() throws {
        let words = try refusal { world in
            world.cluster.append([
                "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "istio-gone"],
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
        }
        #expect(words.hasPrefix("the old control plane is not well: "), "\(words)")
        #expect(words.contains("istio-gone"), "\(words)")
    }

    @Test func `a tag of before may be the default again, one of our own may not`() throws {
        var takeover = Takeover.revision(old: .unnamed)
        let move = RevisionSituation(.revision(takeover)).move
        takeover.rollsBack = "7F3K"
        let steps = RevisionRunbook.steps(of: phase, in: .revision(takeover))
        let check = try #require(steps.first)
        var world = try World.unrevisioned("20")
        let injectors = world.cluster.filter { $0["kind"] == "MutatingWebhookConfiguration" }
        var tag = try #require(
            DefaultTagDraft(Injection(configurations: injectors), for: move)?.object)
        world.edit("MutatingWebhookConfiguration", injector) { object in
            object.eachWebhook {
                $0["namespaceSelector"] = ["matchLabels": ["istio.io/rev": "prod"]]
            }
        }
        let refusal = world.observe(check)
        #expect(
            refusal.saying
                == "the old control plane is not well: istio-sidecar-injector injects only where "
                + "somebody names default")
        var drafted = world
        drafted.cluster.append(tag)
        #expect(drafted.observe(check) == refusal)
        tag[path: ["metadata", "annotations"]] = nil
        world.cluster.append(tag)
        #expect(world.observe(check).word == "done", "\(world.observe(check))")
    }

    // MARK: - The end

    @Test func `a pod of which nobody knows yet what made it is not back`() throws {
        var world = try World("20")
        var pod = try #require(
            try World("60").cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("details-v1")
            })
        let reference: JSON = ["kind": "ReplicaSet", "name": "details-v1-new", "controller": true]
        pod[path: ["metadata", "ownerReferences"]] = [reference]
        world.cluster.append(pod)
        let check = try step("check-moved-back")
        let words = "not on default: ReplicaSet bookinfo/details-v1-new"
        #expect(world.observe(check) == .partial(words))
    }

    @Test func `nobody is back while workloads, webhooks or new pods are not`() throws {
        let check = try step("check-moved-back")
        var world = try World("20")
        #expect(world.observe(check).word == "done", "\(world.observe(check))")
        world.cluster.append([
            "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "istio-gone"],
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
        #expect(world.observe(check).word == "partial")
        #expect(world.observe(check).saying.contains("istio-gone"))
        world = try World("50")
        #expect(world.observe(check).saying.hasPrefix("not on default: Deployment bookinfo/"))
        world = try World("20")
        world.denials["bookinfo"] = { _ in "no room for anybody" }
        #expect(world.observe(check).word == "unknown")
        #expect(world.observe(check).saying.hasPrefix("a new pod in bookinfo "))
    }

    @Test func `the plan shows how each step of a takeover is taken back`() throws {
        let gloo = Situation.gloo()
        func purposes(_ name: String, _ phase: String) throws -> [String] {
            try GlooRunbook.step(name, of: phase, in: gloo).preview.compensation.map(\.purpose)
        }
        #expect(try purposes("lock", "takeover") == ["release the lease"])
        #expect(
            try purposes("deactivate-old-injector", "takeover") == [
                "reactivate istio-sidecar-injector"
            ])
        #expect(try !purposes("restart-workloads", "takeover").isEmpty)
        let routes = try BigBangRunbook.step("prepare-routes").preview.compensation
        #expect(routes.map(\.purpose) == ["take the new gateways out of <name>"])
        let relabel = RelabelNamespaces(move: Move(gloo)).preview.compensation
        #expect(
            relabel.map(\.purpose) == [
                "have <namespace> select what it did before",
                "forget what <namespace> selected before",
            ])
    }

    // MARK: - Releases of gateways

    private let old: JSON = ["revision": "1-24-3"]
    private let new: JSON = ["revision": "1-25-2"]

    private func observation(_ release: HelmWorld) throws -> Observation {
        var world = try World.revision("40")
        world.releases["edge/ingress"] = release
        var takeover = Takeover.revision(parameters: ["gateways": ["edge/ingress"]])
        takeover.rollsBack = "7F3K"
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
        let steps = RevisionRunbook.steps(of: phase, in: situation)
        return world.observe(try #require(steps.first { $0.outline.name == "return-gateways" }))
    }

    @Test func `a release that somebody removes is not taken for one that is back`() throws {
        let going = HelmWorld(
            status: "uninstalling", revision: 2, chart: "gateway-1.25.2", values: new,
            earlier: [1: old])
        #expect(
            try observation(going) == .unknown("release edge/ingress is uninstalling"))
    }

    @Test func `a release that another helm works on is left to it`() throws {
        var busy = HelmWorld(
            status: "pending-upgrade", revision: 2, chart: "gateway-1.25.2", values: new,
            updated: "2025-06-15T15:06:00Z", earlier: [1: old])
        #expect(try observation(busy).word == "unknown")
        busy.updated = "2025-05-20T09:00:00Z"
        #expect(try observation(busy).word == "failed blocked")
    }
}

extension JSON {
    /// Changes each of a configuration's webhooks.
    fileprivate mutating func eachWebhook(_ change: (inout JSON) -> Void) {
        self["webhooks"] = .array(
            items("webhooks").map {
                var webhook = $0
                change(&webhook)
                return webhook
            })
    }
}
