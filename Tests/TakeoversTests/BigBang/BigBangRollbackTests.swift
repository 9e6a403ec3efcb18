import FleetModel
import Testing

@testable import Takeovers

/// What was prepared for Big Bang's Istio taken back.
@Suite struct BigBangRollbackTests {
    private func step(_ name: String) throws -> Step {
        let steps = BigBangRunbook.steps(of: RunbookOutline.rollbackPhase, in: .bigBang())
        return try #require(steps.first { $0.outline.name == name })
    }

    /// Two routes to the old gateway, of which somebody has prepared one.
    private func world() throws -> World {
        var world = try World(bigBang: "254/00")
        world.cluster.removeAll { $0["kind"] == "VirtualService" }
        world.cluster += [
            service("cart", ["istio-system/public", "mesh"]),
            service("shop", ["istio-system/public", "istio-gateway/public-ingressgateway"]),
        ]
        return world
    }

    private func service(_ name: String, _ gateways: JSON) -> JSON {
        [
            "kind": "VirtualService",
            "metadata": ["namespace": "shop", "name": .string(name), "resourceVersion": "1"],
            "spec": ["gateways": gateways],
        ]
    }

    private func gateways(_ name: String, _ world: World) -> JSON? {
        world.object("VirtualService", name, in: "shop")?.spec["gateways"]
    }

    @Test func `gateways that we named are taken out, those of others stay`() throws {
        var world = try world()
        let before = [gateways("cart", world), gateways("shop", world)]
        world.run(world.commands(try BigBangRunbook.step("prepare-routes")))
        #expect(
            gateways("cart", world)
                == ["istio-system/public", "mesh", "istio-gateway/public-ingressgateway"])
        let step = try step("return-routes")
        let words = "gateways that nobody needs are named in shop/cart"
        #expect(world.observe(step) == .notDone(words))
        world.run(world.commands(step))
        #expect([gateways("cart", world), gateways("shop", world)] == before)
        #expect(world.object("VirtualService", "cart", in: "shop")?.annotations.isEmpty == true)
        #expect(world.observe(step) == .done("no VirtualService has gateways of ours"))
    }

    @Test func `the old mesh has to be whole`() throws {
        var world = try World(bigBang: "254/00")
        let step = try step("check-old-mesh")
        #expect(step.outline.isBaseline)
        #expect(world.observe(step) == .done("HelmRelease istio is ready"))
        world.edit("HelmRelease", "istio", in: "bigbang") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-06-01T00:00:00Z"
        }
        let words = "HelmRelease istio is gone, and the old mesh with it"
        #expect(world.observe(step) == .failed(Failure(.blocked, words)))
    }

    @Test func `the steps are those that the plan freezes, and end before step 1`() throws {
        let steps = BigBangRunbook.steps(of: RunbookOutline.rollbackPhase, in: .bigBang())
        let way = try BigBangRunbook.wayBack(for: .bigBang()).required()
        #expect(steps.map(\.outline) == way.outlines)
        #expect(way.ends.map(\.step) == ["step-1-values"])
    }
}
