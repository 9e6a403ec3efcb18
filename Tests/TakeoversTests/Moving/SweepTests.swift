import FleetModel
import Testing

@testable import Takeovers

/// What is swept up after an old control plane, and what keeps it.
@Suite struct SweepTests: RetiringGloo {
    /// A cluster without the old revision, but for this.
    private func world(_ left: JSON...) throws -> World {
        var world = try World("70")
        world.cluster += left
        return world
    }

    private func map(_ name: String, _ labels: JSON, isGoing: Bool = false) -> JSON {
        var map: JSON = [
            "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "istio-system", "labels": labels],
        ]
        map[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        if isGoing { map[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z" }
        return map
    }

    private let pilot: JSON = ["operator.istio.io/component": "Pilot"]

    @Test func `what goes already is waited for, and deleted but once`() throws {
        let going = map("istio", pilot, isGoing: true)
        #expect(try reason("sweep", world(going)) == "configmaps istio going")
        let both = try world(going, map("values", pilot))
        #expect(try reason("sweep", both) == "configmaps istio, values left")
        let deletion = try both.commands(GlooRunbook.step("sweep", of: "retire")).last
        #expect(deletion?.argv.contains("values") == true)
        #expect(deletion?.argv.contains("istio") == false)
    }

    @Test func `whoever uses the old revision keeps what is left of it`() throws {
        let pod = try Fixture.sample("bare-pod", in: "pods")
        let seen = try reason("sweep", world(map("istio", pilot), pod))
        #expect(seen == "proxies on default: \(pod.qualifiedName)")
    }

    @Test func `a tag is no part of a control plane`() throws {
        var tag = try Fixture.sample("mwc-istio-revision-tag-prod-stable-to-1-15", in: "webhooks")
        tag[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        #expect(tag.labels["operator.istio.io/component"] == "Pilot")
        #expect(try reason("sweep", world(tag)) == "done")
    }

    @Test(
        arguments: [
            (["operator.istio.io/component": "IstiodRemote"], true),
            (["operator.istio.io/component": "Base", "app": "istiod"], true),
            (["app": "sidecar-injector"], true),
            (["operator.istio.io/component": "Base", "app": "mine"], false),
            (["operator.istio.io/component": "IngressGateways", "app": "istiod"], false),
        ] as [(JSON, Bool)])
    func `a part is known by its component, or by its app`(labels: JSON, isPart: Bool) throws {
        let seen = try reason("sweep", world(map("part", labels)))
        #expect(seen == (isPart ? "configmaps part left" : "done"))
    }
}
