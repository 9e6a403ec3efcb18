import FleetModel
import Testing

@testable import Takeovers

@Suite struct ConnectedProxiesTests {
    private func proof(_ connected: String?, waived: [String] = []) throws -> Observation {
        let parameters: [String: JSON] = [
            "gateways": "none", "waived": .array(waived.map(JSON.string)),
        ]
        let step = try GlooRunbook.step(
            "prove-old-unused", of: "retire", in: .gloo(.gloo(parameters: parameters)))
        // Nothing but the old gateway, which goes with its resource, is on the old revision.
        var world = try World("60")
        world.settled = ["default is unused"]
        world.connected = connected
        return world.observe(step)
    }

    @Test func `where nobody may ask, the API server is believed, and that is said`() throws {
        let words = "\(try proof(nil))"
        #expect(words.contains("by the API server alone: User"))
    }

    @Test func `an istiod without proxies confirms it`() throws {
        #expect("\(try proof("[]"))".contains("its istiods say so, too"))
    }

    @Test func `the old gateway may be connected until it goes`() throws {
        let world = try World("60")
        let gateway = try #require(
            world.cluster.first {
                $0["kind"] == "Pod" && $0.namespace == "istio-gateways"
            })
        let answer = try proof(#"[{"proxy": "\#(gateway.name).istio-gateways"}]"#)
        #expect(answer.word == "done")
    }

    @Test func `a proxy that is no pod of this cluster keeps the old istiod`() throws {
        let machine = #"[{"proxy": "vm-7.billing", "cluster_id": "other"}]"#
        #expect(try proof(machine) == .partial("istiod still serves billing/vm-7"))
        #expect(try proof(machine, waived: ["billing/vm-7"]).word == "done")
        #expect(try proof(#"[{"cluster_id": "x"}]"#).word == "partial")
    }

    @Test func `what is no list proves nothing`() throws {
        #expect("\(try proof("{}"))".contains("by the API server alone"))
    }
}
