import FleetModel
import Testing

@testable import Takeovers

/// New gateways beside the old ones, in one namespace.
@Suite struct GatewayCollisionTests {
    private static let space = "istio-gateways"
    private static let name = "istio-eastwestgateway"

    /// A takeover whose gateway comes where the old one is.
    private func takeover(
        name: String = name, hasOwnService: Bool = false, parameters: [String: JSON] = [:]
    ) -> Takeover {
        var manifest = Takeover.gatewayManifest("eastwest")
        var installation = manifest.spec.items("installations")[0]
        let components = ["istioOperatorSpec", "components", "ingressGateways"]
        var gateway = installation[path: components]?.array?.first ?? [:]
        gateway["namespace"] = .string(Self.space)
        gateway["name"] = .string(name)
        gateway["label"] = ["istio": "eastwestgateway", "app": .string(Self.name)]
        installation[path: components] = .array([gateway])
        if hasOwnService {
            installation[path: ["istioOperatorSpec", "values", "gateways"]] = [
                "istio-ingressgateway": ["customService": true]
            ]
        }
        manifest[path: ["spec", "installations"]] = .array([installation])
        var manifests = Takeover.standardManifests
        manifests["eastWestGateway"] = manifest.description
        return .gloo(parameters: parameters, manifests: manifests)
    }

    /// A load balancer of somebody's own in front of the old gateway, in place of its own.
    private func world(_ stage: String = "00", selector: JSON) throws -> World {
        var world = try World(stage)
        world.remove("Service", Self.name, in: Self.space)
        world.cluster.append([
            "kind": "Service",
            "metadata": [
                "name": "edge-lb", "namespace": .string(Self.space), "resourceVersion": "5",
            ],
            "spec": ["type": "LoadBalancer", "selector": selector],
            "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.7"]]]],
        ])
        return world
    }

    /// A world whose new gateway is in the old one's namespace.
    private func installed(_ stage: String, selector: JSON) throws -> World {
        var world = try world(stage, selector: selector)
        world.remove("Service", Self.name, in: "gloo-mesh-gateways")
        for index in world.cluster.indices
        where world.cluster[index].namespace == "gloo-mesh-gateways" {
            world.cluster[index][path: ["metadata", "namespace"]] = .string(Self.space)
        }
        return world
    }

    private func reason(
        _ name: String, of phase: String, _ takeover: Takeover, _ world: World,
        cluster: Cluster = Cluster("cluster-1")
    ) throws -> String {
        let situation = Situation.gloo(takeover, cluster: cluster)
        let step = try GlooRunbook.step(name, of: phase, in: situation)
        guard case .failed(let failure) = world.observe(step) else {
            return world.observe(step).word
        }
        return failure.reason
    }

    @Test func `a gateway of the old one's name and namespace would take its Service`() throws {
        let words =
            "Service istio-gateways/istio-eastwestgateway is the old gateway's, and the new one "
            + "would take it: choose another name or namespace in the manifest"
        let world = try World("00")
        #expect(try reason("preflight", of: "prepare", takeover(), world) == "P16 \(words)")
        #expect(try reason("add-eastwest-gateway", of: "prepare", takeover(), world) == words)
        let waiving = Cluster("cluster-1", waivers: ["P16": "nobody comes in there, CHG-9"])
        for step in ["preflight", "add-eastwest-gateway"] {
            let answer = try reason(step, of: "prepare", takeover(), world, cluster: waiving)
            #expect(["done", "notDone"].contains(answer), "\(answer)")
        }
    }

    @Test(arguments: [false, true])
    func `a Service that is pinned to nobody would show a new gateway before its time`(
        hasOwnService: Bool
    ) throws {
        let takeover = takeover(name: "edge", hasOwnService: hasOwnService)
        let words = "Service istio-gateways/edge-lb would lead to the new gateway as soon as"
        let world = try world(selector: ["istio": "eastwestgateway"])
        #expect(try reason("preflight", of: "prepare", takeover, world).hasPrefix("P16 \(words)"))
        #expect(
            try reason("add-eastwest-gateway", of: "prepare", takeover, world).hasPrefix(words))
    }

    @Test(
        arguments: [
            ["istio": "eastwestgateway", "istio.io/rev": "default"],
            ["app": "istio-eastwestgateway", "istio.io/rev": "default"],
        ] as [JSON])
    func `one that is pinned to the old pods is switched later, and needs no address`(
        selector: JSON
    ) throws {
        let takeover = takeover(hasOwnService: true)
        let world = try world(selector: selector)
        #expect(try reason("preflight", of: "prepare", takeover, world) == "done")
        #expect(try reason("add-eastwest-gateway", of: "prepare", takeover, world) == "notDone")
    }

    @Test func `one that no new pod answers to has to be led elsewhere, in whatever namespace`()
        throws
    {
        let takeover = takeover(hasOwnService: true)
        let world = try world(selector: ["operator.istio.io/component": "IngressGateways"])
        let words = "P16 clients of istio-gateways/edge-lb have to be led to another address"
        #expect(try reason("preflight", of: "prepare", takeover, world).hasPrefix(words))
    }

    @Test func `a gateway with a Service of somebody's own is found by what that selects`() throws {
        let takeover = takeover(hasOwnService: true)
        var world = try installed(
            "30", selector: ["istio": "eastwestgateway", "istio.io/rev": "default"])
        #expect(try reason("add-eastwest-gateway", of: "prepare", takeover, world) == "done")
        let step = try GlooRunbook.step(
            "add-eastwest-gateway", of: "prepare", in: .gloo(takeover))
        world.edit("Service", "edge-lb", in: Self.space) { $0["status"] = [:] }
        #expect(
            world.observe(step)
                == .partial(
                    "Gloo says HEALTHY, but Service istio-gateways/edge-lb has no address yet"))
        world.remove("Service", "edge-lb", in: Self.space)
        #expect(
            world.observe(step)
                == .partial(
                    "Gloo says HEALTHY, but a Service in istio-gateways that selects "
                        + "istio-eastwestgateway-1-15 is not there yet"))
    }

    @Test func `it is switched in two goes, and serves when all is over`() throws {
        let takeover = takeover(hasOwnService: true)
        var world = try installed(
            "60", selector: ["istio": "eastwestgateway", "istio.io/rev": "default"])
        let situation = Situation.gloo(takeover)
        let steps = [
            ("takeover", ["switch-gateways"]),
            (
                "retire",
                ["prove-old-unused", "remove-old-gateways", "remove-old-control-plane"]
            ),
        ]
        for (phase, names) in steps {
            for name in names {
                let step = try GlooRunbook.step(name, of: phase, in: situation)
                let (observation, commands) = world.turn(step)
                #expect(observation.word == "done", "\(name): \(observation)")
                guard name == "switch-gateways" else { continue }
                #expect(commands.withoutLease.count == 2)
            }
        }
        #expect(
            world.object("Service", "edge-lb", in: Self.space)?.spec["selector"]
                == ["istio": "eastwestgateway", "revision": "1-15"])
    }
}
