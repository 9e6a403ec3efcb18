import FleetModel
import Testing

@testable import Takeovers

@Suite struct PreflightTests {
    private func reason(_ world: World, _ situation: Situation = .gloo()) throws -> String {
        let step = try GlooRunbook.step("preflight", of: "prepare", in: situation)
        switch world.observe(step) {
        case .failed(let failure) where failure.kind == .blocked: return failure.reason
        case let other: return "\(other)"
        }
    }

    /// The cluster before the takeover, with something wrong.
    private func world(_ change: (inout World) -> Void) throws -> World {
        var world = try World("00")
        change(&world)
        return world
    }

    @Test func `a context with an underscore would end in a certificate`() throws {
        let situation = Situation.gloo(cluster: Cluster("cluster-1", context: "cluster_1"))
        #expect(try reason(World("00"), situation) == #"P02 context "cluster_1" has an underscore"#)
    }

    @Test func `without an old control plane there is nothing to take over`() throws {
        let world = try world { $0.remove("Deployment", "istiod", in: "istio-system") }
        #expect(try reason(world) == "P03 there is no istiod of revision default")
    }

    @Test func `a control plane that is not well is not moved away from`() throws {
        let world = try world {
            $0.edit("Deployment", "istiod", in: "istio-system") {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        }
        #expect(try reason(world) == "P03 istio-system/istiod: 0 of 1 pods are available")
    }

    @Test func `what somebody has answered for does not block, and says who knows why`() throws {
        let world = try world { $0.remove("Deployment", "istiod", in: "istio-system") }
        let reason = "Ops moves it away by hand, CHG-7"
        let waiving = Cluster("cluster-1", waivers: ["P03": reason])
        let step = try GlooRunbook.step("preflight", of: "prepare", in: .gloo(cluster: waiving))
        guard case .done(let words) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        let finding = "P03 there is no istiod of revision default (waived: \(reason))"
        #expect(words.contains(finding), "\(words)")
        let waived = WaivedFinding(
            "P03", "there is no istiod of revision default", because: reason)
        #expect(world.waived(step) == [waived])
        let unwaived = try GlooRunbook.step("preflight", of: "prepare")
        #expect(world.waived(unwaived) == [])
        let other = Cluster("cluster-1", waivers: ["P04": reason])
        #expect(
            try self.reason(world, .gloo(cluster: other))
                == "P03 there is no istiod of revision default")
    }

    @Test func `a waiver that nothing needs is not told, and one that is not enough is`()
        throws
    {
        let waiving = Cluster("cluster-1", waivers: ["P03": "CHG-7", "P04": "CHG-8"])
        let step = try GlooRunbook.step("preflight", of: "prepare", in: .gloo(cluster: waiving))
        #expect(try self.world { _ in }.waived(step) == [])
        let ill = try world {
            $0.remove("Deployment", "istiod", in: "istio-system")
            $0.edit("Deployment", "istio-operator", in: "istio-operator") {
                $0[path: ["spec", "replicas"]] = 0
            }
        }
        #expect(ill.waived(step).map(\.check) == ["P03"])
    }

    @Test func `a revision that somebody else installed is not ours to use`() throws {
        var world = try World("20")
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") {
            $0[path: ["spec", "installations"]] = []
        }
        #expect(try reason(world) == "P03 revision 1-15 is in use already")
    }

    @Test func `a webhook that nobody answers blocks`() throws {
        let world = try world { $0.remove("Service", "istiod", in: "istio-system") }
        #expect(try reason(world).contains("P04 istio-sidecar-injector calls Service"))
    }

    @Test func `who follows a tag of the old revision is not led by the default`() throws {
        var tag = try Fixture.sample("mwc-istio-revision-tag-prod-stable-to-1-15", in: "webhooks")
        tag[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        tag = tag.calling("istiod")
        let prefix = "P05 follow a revision tag of default, which the default does not take along: "
        let unused = try world { $0.cluster.append(tag) }
        #expect(try !reason(unused).contains("P05"))
        var spaces = unused
        spaces.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio.io/rev": "prod-stable"]
        }
        #expect(try reason(spaces).hasPrefix(prefix + "bookinfo (prod-stable); "))
        var templates = unused
        templates.edit("Namespace", "bookinfo") { $0[path: ["metadata", "labels"]] = [:] }
        templates.edit("Deployment", "ratings-v1", in: "bookinfo") {
            $0[path: ["spec", "template", "metadata", "labels", "istio.io/rev"]] = "prod-stable"
        }
        #expect(
            try reason(templates).contains(prefix + "Deployment bookinfo/ratings-v1; "))
    }

    @Test func `workloads that are unwell before we start are named`() throws {
        let world = try world {
            $0.edit("Deployment", "ratings-v1", in: "bookinfo") {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        }
        #expect(
            try reason(world)
                == "P07 Deployment bookinfo/ratings-v1: 0 of 1 pods are available")
    }

    @Test func `pods that nobody can restart block, unless they may stay behind`() throws {
        let pod = try Fixture.sample("bare-pod", in: "pods")
        let world = try world { $0.cluster.append(pod) }
        #expect(
            try reason(world).contains(
                "P07 cannot be restarted: Pod \(pod.namespace)/toolbox (a bare pod"))
        let lenient = Takeover.gloo(parameters: ["gateways": "none", "allowLeftBehind": true])
        #expect(
            try reason(world, .gloo(lenient)).contains("stays behind: Pod \(pod.namespace)/toolbox")
        )
    }

    @Test func `different roots of trust in one cluster block`() throws {
        let other = try Fixture.sample("b", in: "roots")
        let world = try world {
            $0.edit("ConfigMap", "istio-ca-root-cert", in: "bookinfo") {
                $0["data"] = other["data"]
            }
        }
        #expect(try reason(world) == "P09 other roots of trust in bookinfo")
    }

    @Test func `a trust domain other than the old one blocks`() throws {
        let takeover = Takeover.gloo(parameters: ["gateways": "none", "trustDomain": "edge"])
        #expect(
            try reason(World("00"), .gloo(takeover))
                == "P10 the trust domain is cluster.local, not edge")
    }

    @Test func `an IstioOperator on its way out blocks`() throws {
        let world = try world {
            $0.edit("IstioOperator", "control-plane", in: "istio-system") {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
        }
        #expect(
            try reason(world) == "P12 IstioOperator istio-system/control-plane is on its way out")
    }

    @Test func `gateways that need another address block until somebody cares`() throws {
        let reason = try reason(World("00"), .gloo(.gloo(parameters: [:])))
        #expect(reason.contains("P16 clients of istio-gateways/istio-eastwestgateway"))
    }

    @Test(arguments: [("PENDING", "PENDING"), ("UNLICENSED", "UNLICENSED"), ("", "PENDING")])
    func `a cluster that Gloo has not accepted blocks`(approval: String, words: String) throws {
        let world = try world {
            $0.edit("KubernetesCluster", "cluster-1", in: "gloo-mesh") {
                $0[path: ["status", "common", "State", "approval"]] = .string(approval)
            }
        }
        #expect(try reason(world) == "PG1 KubernetesCluster cluster-1 is \(words)")
    }

    @Test func `a cluster that Gloo does not know blocks`() throws {
        let world = try world { $0.management = [] }
        #expect(try reason(world) == "PG1 KubernetesCluster cluster-1 is unknown to Gloo")
    }

    @Test func `the revision with another version is not overwritten`() throws {
        var world = try World("20")
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") {
            var installation = $0.spec.items("installations")[0]
            installation[path: ["istioOperatorSpec", "tag"]] = "1.15.1-solo"
            $0[path: ["spec", "installations"]] = .array([installation])
        }
        let words = "has revision 1-15 with version 1.15.1-solo, not 1.15.3-solo"
        #expect(try reason(world) == "PG2 IstioLifecycleManager istiod-control-plane \(words)")
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test(arguments: [("tag", "1.15.1-solo"), ("hub", "docker.io/istio")])
    func `a gateway of the revision that is another one is found before anything is installed`(
        field: String, value: String
    ) throws {
        var world = try World("30")
        world.edit("GatewayLifecycleManager", "istio-eastwestgateway", in: "gloo-mesh") {
            var installation = $0.spec.items("installations")[0]
            installation[path: ["istioOperatorSpec", field]] = .string(value)
            $0[path: ["spec", "installations"]] = .array([installation])
        }
        let found = try reason(world)
        #expect(
            found.hasPrefix("PG2 GatewayLifecycleManager istio-eastwestgateway has revision 1-15"))
        #expect(!found.contains("REPOKEY") && !found.contains("docker.io"))
        let step = try GlooRunbook.step("add-eastwest-gateway", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `HEALTHY of another hub is of before`() throws {
        var world = try World("20")
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") {
            let path = ["status", "clusters", "cluster-1", "installations", "1-15"]
            $0[path: path + ["observedOperator", "hub"]] = "docker.io/istio"
        }
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        let words = "IstioLifecycleManager istiod-control-plane says HEALTHY, but still for another"
        #expect(world.observe(step) == .partial("\(words) hub"))
    }

    @Test func `everything wrong is said at once`() throws {
        let world = try world {
            $0.remove("Service", "istiod", in: "istio-system")
            $0.management = []
        }
        #expect(try reason(world).split(separator: "; ").count == 3)
    }

    @Test func `an API server that lacks what every server has is not believed`() throws {
        var world = try World("00")
        world.unknownKinds = ["Pod"]
        let step = try GlooRunbook.step("preflight", of: "prepare")
        #expect(world.observe(step).word == "unknown")
    }

    @Test func `a cluster without IstioOperators is ordinary`() throws {
        var world = try World("00")
        world.unknownKinds = ["IstioOperator"]
        let step = try GlooRunbook.step("preflight", of: "prepare")
        #expect(world.observe(step).word == "done")
    }
}
