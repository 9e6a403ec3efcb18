import FleetModel
import Testing

@testable import Takeovers

/// The forms in which routes name gateways, and gateways that lead outwards.
@Suite struct GatewayFormsTests {
    private static func route(_ name: String, _ gateways: JSON, in space: String) -> JSON {
        [
            "kind": "VirtualService",
            "metadata": [
                "namespace": .string(space), "name": .string(name), "resourceVersion": "1",
            ],
            "spec": ["gateways": gateways, "hosts": [.string("\(name).example")]],
        ]
    }

    private static func gateway(_ name: String, _ label: String, in space: String) -> JSON {
        [
            "kind": "Gateway",
            "metadata": ["namespace": .string(space), "name": .string(name)],
            "spec": ["selector": ["istio": .string(label)]],
        ]
    }

    private func prepared(_ world: World, _ name: String, in space: String) throws -> JSON? {
        var world = world
        let step = try BigBangRunbook.step("prepare-routes")
        world.run(world.commands(step))
        #expect(world.observe(step).word == "done")
        return world.object("VirtualService", name, in: space)?.spec["gateways"]
    }

    @Test func `a name without a namespace means one of the route's own`() throws {
        var world = try World(bigBang: "254/00")
        world.cluster += [
            Self.route("short", ["public"], in: "istio-system"),
            Self.route("other", ["public", "mesh"], in: "shop"),
            Self.route("inner", ["mesh"], in: "istio-system"),
        ]
        #expect(
            try prepared(world, "short", in: "istio-system")
                == ["public", "istio-gateway/public-ingressgateway"])
        #expect(try prepared(world, "other", in: "shop") == ["public", "mesh"])
        #expect(try prepared(world, "inner", in: "istio-system") == ["mesh"])
    }

    @Test func `a route out of the mesh is given the gateway that leads outwards`() throws {
        var world = try World(bigBang: "254/00")
        world.cluster += [
            Self.gateway("outbound", "egressgateway", in: "istio-system"),
            Self.gateway("public", "ingressgateway", in: "istio-system"),
            Self.route("out", ["istio-system/outbound", "mesh"], in: "shop"),
            Self.route("in", ["istio-system/public"], in: "shop"),
        ]
        #expect(
            try prepared(world, "out", in: "shop")
                == ["istio-system/outbound", "mesh", "istio-gateway/outbound-egressgateway"])
        #expect(
            try prepared(world, "in", in: "shop")
                == ["istio-system/public", "istio-gateway/public-ingressgateway"])
    }

    @Test func `once the old gateway is gone the baseline says which way it led`() throws {
        var world = try World(bigBang: "254/50")
        world.cluster.removeAll { $0.name == Baseline.name }
        world.cluster += [
            Baseline(objects: [Self.gateway("outbound", "egressgateway", in: "istio-system")])
                .object,
            Self.route(
                "out", ["istio-system/outbound", "istio-gateway/outbound-egressgateway"],
                in: "shop"),
        ]
        let step = try BigBangRunbook.step("prepare-routes")
        world.edit("VirtualService", "shop", in: "bookinfo") {
            $0[path: ["spec", "gateways"]] = []
        }
        #expect(world.observe(step) == .done("1 VirtualServices name the new gateways"))
    }

    @Test func `a gateway that leads outwards takes the place of none that lets users in`() throws {
        var world = try World(bigBang: "254/50")
        world.cluster.removeAll { $0.name == Baseline.name }
        world.cluster += [
            Baseline(objects: [
                Self.gateway("admin", "ingressgateway", in: "istio-system"),
                Self.gateway("outbound", "egressgateway", in: "istio-system"),
            ]).object,
            Self.gateway("admin-egressgateway", "egressgateway", in: "istio-gateway"),
            Self.gateway("outbound-ingressgateway", "ingressgateway", in: "istio-gateway"),
        ]
        let step = try BigBangRunbook.step("gateways-up")
        #expect(
            world.observe(step).saying
                == "missing: Gateway istio-gateway/admin-ingressgateway in the place of "
                + "istio-system/admin; Gateway istio-gateway/outbound-egressgateway in the place "
                + "of istio-system/outbound")
        world.cluster += [
            Self.gateway("outbound-egressgateway", "egressgateway", in: "istio-gateway"),
            Self.gateway("admin-ingressgateway", "ingressgateway", in: "istio-gateway"),
        ]
        #expect(world.observe(step).word == "done")
    }
}
