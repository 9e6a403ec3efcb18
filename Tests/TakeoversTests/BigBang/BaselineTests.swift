import FleetModel
import Testing

@testable import Takeovers

/// What the baseline keeps of the old mesh.
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
}
