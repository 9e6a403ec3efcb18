import FleetModel
import Testing

@testable import Takeovers

@Suite struct MeshGatewayTests {
    private func gateways(of stage: String) throws -> [MeshGateway] {
        let objects = try Scenarios.stage(stage)
        return MeshGateway.all(
            services: objects.of("Service"), pods: objects.of("Pod").map(Pod.init),
            endpoints: Endpoints(slices: objects.of("EndpointSlice")))
    }

    @Test func `a gateway is a Service with gateway pods behind it`() throws {
        let gateways = try gateways(of: "bigbang-254/50-step2-ready")
        #expect(
            gateways.map(\.service.qualifiedName).contains("istio-gateway/public-ingressgateway"))
        for gateway in gateways {
            #expect(gateway.type == "LoadBalancer")
            #expect(gateway.address != nil)
            #expect(gateway.pods.allSatisfy { $0.proxy?.revision == .unnamed })
        }
    }

    @Test func `a load balancer without an address is said to lack it`() throws {
        let gateways = try gateways(of: "bigbang-254/40-step2-gateway-lb-pending")
        #expect(gateways.contains { $0.lacksAddress })
    }

    @Test func `a pinned Service says to which revision`() throws {
        let stage = "gloo-takeover/30-gateways-healthy-petstore/cluster-1"
        let pins = try gateways(of: stage).map { ($0.service.qualifiedName, $0.pin) }
        #expect(pins.contains { $0 == "gloo-mesh-gateways/istio-eastwestgateway" && $1 == "1-15" })
    }

    @Test(arguments: [
        ("50-step2-ready", []),
        ("51-step2-ready-orphan-lb", ["istio-system/public-ingressgateway"]),
        ("00-before", []),
    ])
    func `a load balancer of the operator that leads to nobody is an orphan`(
        stage: String, orphans: [String]
    ) throws {
        for version in ["250", "254"] {
            let objects = try Scenarios.stage("bigbang-\(version)/\(stage)")
            let found = MeshGateway.orphans(
                services: objects.of("Service"), pods: objects.of("Pod").map(Pod.init))
            #expect(found.map(\.qualifiedName) == orphans)
        }
    }
}

extension [JSON] {
    /// The objects of a kind.
    func of(_ kind: String) -> [JSON] { filter { $0["kind"]?.string == kind } }
}
