import FleetModel
import Testing

@testable import Takeovers

/// Gateways that only callers within the cluster use.
@Suite struct InternalGatewayTests {
    /// An egress gateway of the old installation, with or without somebody's route to it.
    private func world(_ stage: String, route host: String? = nil) throws -> World {
        var world = try World(stage)
        let labels: JSON = [
            "istio": "egressgateway", "istio.io/rev": "default",
            "install.operator.istio.io/owning-resource": "control-plane",
        ]
        let proxy: JSON = [
            "name": "istio-proxy", "image": "proxyv2:1", "args": ["proxy", "router"],
        ]
        world.cluster += [
            [
                "kind": "Pod",
                "metadata": [
                    "name": "egress", "namespace": "istio-system", "labels": labels,
                    "annotations": ["istio.io/rev": "default"],
                ],
                "spec": ["containers": [proxy]],
                "status": ["conditions": [["type": "Ready", "status": "True"]]],
            ],
            [
                "kind": "Service",
                "metadata": ["name": "istio-egressgateway", "namespace": "istio-system"],
                "spec": ["type": "ClusterIP", "selector": ["istio": "egressgateway"]],
            ],
        ]
        guard let host else { return world }
        world.cluster.append([
            "kind": "VirtualService", "metadata": ["name": "out", "namespace": "shop"],
            "spec": ["http": [["route": [["destination": ["host": .string(host)]]]]]],
        ])
        return world
    }

    private func answer(
        _ name: String, of phase: String, _ world: World, mayGo: Bool = false,
        cluster: Cluster = Cluster("cluster-1")
    ) throws -> String {
        var parameters: [String: JSON] = ["gateways": "none"]
        if mayGo { parameters["removeGateways"] = ["istio-system/istio-egressgateway"] }
        let situation = Situation.gloo(.gloo(parameters: parameters), cluster: cluster)
        let observation = world.observe(
            try GlooRunbook.step(name, of: phase, in: situation))
        switch observation {
        case .failed(let failure): return failure.reason
        case .done(let words): return "done: \(words)"
        case let other: return other.word
        }
    }

    private let words = "Service istio-system/istio-egressgateway goes with the old gateways"

    @Test func `an egress gateway that goes with the old ones is told before anything begins`()
        throws
    {
        let found = try answer("preflight", of: "prepare", world("00"))
        #expect(
            found == "P16 \(words): have its callers find another, and name it in the parameter "
                + #""removeGateways""#)
        #expect(
            try answer("preflight", of: "prepare", world("00"), mayGo: true)
                .contains("; P16 \(words)"))
        #expect(try answer("preflight", of: "prepare", World("00")).hasPrefix("done"))
    }

    @Test(arguments: [
        "istio-egressgateway.istio-system.svc.cluster.local", "istio-egressgateway.istio-system",
        "istio-egressgateway.istio-system.svc",
    ])
    func `as long as a route leads there it stays`(host: String) throws {
        let route = "VirtualService shop/out leads"
        #expect(
            try answer("preflight", of: "prepare", world("00", route: host), mayGo: true)
                .contains("P16 \(words) (\(route) there)"))
        for name in ["remove-old-gateways", "remove-old-control-plane"] {
            let refusal = try answer(name, of: "retire", world("60", route: host), mayGo: true)
            #expect(refusal.hasPrefix("\(route) to Service istio-system/"), "\(refusal)")
        }
    }

    @Test func `it goes once somebody has said that nobody needs it`() throws {
        let elsewhere = "istio-egressgateway.shop.svc.cluster.local"
        for host in [nil, elsewhere, "istio-egressgateway"] {
            let world = try world("60", route: host)
            #expect(
                try answer("remove-old-gateways", of: "retire", world)
                    .hasPrefix("nobody has said that callers need no Service istio-system/istio-e"))
            #expect(
                try answer("remove-old-gateways", of: "retire", world, mayGo: true) == "notDone")
        }
        let waiving = Cluster("cluster-1", waivers: ["P16": "all of it is idle, CHG-8"])
        #expect(
            try answer("remove-old-gateways", of: "retire", world("60"), cluster: waiving)
                == "notDone")
    }
}
