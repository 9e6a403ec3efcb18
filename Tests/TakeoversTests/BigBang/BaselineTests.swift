import FleetModel
import Testing

@testable import Takeovers

/// What the baseline keeps, and what becomes of comparisons without one.
@Suite struct BaselineTests {
    private func saved(_ world: World) throws -> JSON {
        var world = world
        world.run(world.commands(try BigBangRunbook.step("save-baseline")))
        let map = try #require(world.object("ConfigMap", Baseline.name, in: "bigbang"))
        let text = try #require(map[path: ["data", "baseline"]]?.string)
        return try #require(JSON(parsing: text))
    }

    @Test func `a load balancer is kept with what tells its cloud how to make it`() throws {
        var world = try World(bigBang: "254/00")
        world.edit("Service", "public-ingressgateway", in: "istio-system") {
            $0[path: ["metadata", "annotations"]] = [
                "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
                "kubectl.kubernetes.io/last-applied-configuration": "{}",
            ]
            $0[path: ["metadata", "uid"]] = "1"
            $0[path: ["spec", "clusterIP"]] = "10.0.0.1"
            $0[path: ["spec", "clusterIPs"]] = ["10.0.0.1"]
        }
        let baseline = Baseline(document: try saved(world))
        let service = try #require(baseline.objects(of: "Service").first)
        #expect(
            service.annotations == ["service.beta.kubernetes.io/aws-load-balancer-type": "nlb"])
        #expect(service.metadata["uid"] == nil && service["status"] == nil)
        #expect(service.spec["clusterIP"] == nil && service.spec["clusterIPs"] == nil)
        #expect(service.spec["type"] == "LoadBalancer")
    }

    @Test func `routes are kept by their names, with the gateways that they named`() throws {
        let world = try World(bigBang: "254/00")
        #expect(try saved(world)["routes"] == ["bookinfo/shop": ["istio-system/public"]])
    }

    @Test func `what is half gone is not saved over what was whole`() throws {
        var world = try World(bigBang: "254/00")
        let step = try BigBangRunbook.step("save-baseline")
        world.run(world.commands(step))
        world.edit("HelmRelease", "istio", in: "bigbang") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        }
        world.remove("Service", "public-ingressgateway", in: "istio-system")
        #expect(world.observe(step).word == "done")
    }

    // MARK: - Without one

    private func lost() throws -> World {
        var world = try World(bigBang: "254/60")
        world.cluster.removeAll { $0.name == Baseline.name }
        return world
    }

    @Test(arguments: ["check-roots", "check-trust", "compare-mesh"])
    func `nothing is taken for unchanged when nobody knows any more how it was`(name: String)
        throws
    {
        let answer = try lost().observe(try BigBangRunbook.step(name))
        #expect(answer.word == "failed terminal", "\(answer)")
        #expect(
            answer.saying.hasPrefix(
                "ConfigMap bigbang/fleet-istio-migration-baseline is gone"), "\(answer)")
    }

    @Test func `nor are gateways taken for replaced`() throws {
        var world = try lost()
        let step = try BigBangRunbook.step("gateways-up")
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        world.settled = [item]
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.contains("fleet-istio-migration-baseline is gone"))
    }

    @Test func `a cluster found past step 1 is noted as such, and compared with nothing`() throws {
        var world = try lost()
        let step = try BigBangRunbook.step("save-baseline")
        #expect(world.observe(step).word == "notDone")
        world.run(world.commands(step))
        #expect(world.observe(step).word == "done")
        for name in ["check-roots", "check-trust", "compare-mesh", "gateways-up"] {
            let answer = world.observe(try BigBangRunbook.step(name))
            #expect(answer.word == "done", "\(answer)")
        }
        // What was saved before step 1 is never written over behind it.
        world.cluster.removeAll { $0.name == Baseline.name }
        world.keep(Baseline(roots: ["a"]))
        #expect(world.observe(step).word == "done")
    }
}
