import FleetModel
import Testing

@testable import Takeovers

/// Upgrades taken back, followed through the acts of their steps.
@Suite struct RevisionRollbackTests {
    private func situation(_ parameters: [String: JSON] = [:]) -> Situation {
        var takeover = Takeover.revision(parameters: parameters)
        takeover.rollsBack = "7F3K"
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
    }

    @Test(arguments: ["20", "30", "40"])
    func `tags and workloads go back, and a second time nothing is left to do`(
        stage: String
    ) throws {
        var world = try World.revision(stage)
        let purposes = try world.takeBack(situation())
        let tags = stage == "40" ? ["default", "prod-stable"] : ["prod-stable"]
        #expect(
            Array(purposes.prefix(tags.count))
                == tags.map { "point istio-revision-tag-\($0) to 1-24-3" })
        let restarts = purposes.dropFirst(tags.count)
        #expect(restarts.allSatisfy { $0.hasPrefix("restart Deployment bookinfo/") })
        #expect(Array(restarts) == restarts.sorted(by: >))
        #expect(restarts.isEmpty == (stage == "20"))
        let proxies = world.cluster.filter { Proxy.isInjected(into: $0) }.compactMap(Proxy.init)
        #expect(Set(proxies.compactMap(\.revision)) == ["1-24-3"])
        #expect(try world.takeBack(situation()).isEmpty)
    }

    @Test func `namespaces that were relabelled name the old revision again`() throws {
        var world = try World.revision("40")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio.io/rev": "1-25-2"]
        }
        world.cluster.append([
            "kind": "Namespace",
            "metadata": ["name": "petstore", "labels": ["istio.io/rev": "1-25-2"]],
        ])
        let purposes = try world.takeBack(situation(["namespaces": "relabel"]))
        #expect(purposes.first == "have bookinfo name 1-24-3")
        #expect(purposes.contains("restart Deployment bookinfo/details-v1"))
        #expect(world.object("Namespace", "petstore")?.labels["istio.io/rev"] == "1-25-2")
    }

    @Test func `without the old control plane nothing is touched`() throws {
        let world = try World.revision("50")
        let steps = RevisionRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation())
        let check = try #require(steps.first)
        #expect(check.outline.isBaseline)
        #expect(
            world.observe(check)
                == .failed(
                    Failure(
                        .blocked,
                        "the old control plane is gone: there is no Deployment "
                            + "istio-system/istiod-1-24-3")))
    }

    @Test func `a gateway goes back to its last record of before, once`() throws {
        var world = try World.revision("40")
        let (old, new): (JSON, JSON) = (["revision": "1-24-3"], ["revision": "1-25-2"])
        world.releases["edge/ingress"] = HelmWorld(
            revision: 4, chart: "gateway-1.25.2", values: new, earlier: [1: old, 2: old, 3: new])
        let steps = RevisionRunbook.steps(
            of: RunbookOutline.rollbackPhase, in: situation(["gateways": ["edge/ingress"]]))
        let step = try #require(steps.first { $0.outline.name == "return-gateways" })
        let words = "release edge/ingress has to go back to its record 2"
        #expect(world.observe(step) == .notDone(words))
        let commands = world.commands(step)
        #expect(commands.last?.purpose == "take release edge/ingress back to record 2")
        #expect(commands.last?.argv.suffix(8).prefix(3) == ["rollback", "ingress", "2"])
        world.run(commands)
        #expect(world.releases["edge/ingress"]?.values == old)
        // Its pods are looked at next; helm has nothing left to do.
        #expect(world.observe(step).word == "partial")
        world.releases["edge/ingress"] = HelmWorld(chart: "gateway-1.25.2", values: new)
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test(
        arguments: [[:], ["namespaces": "relabel", "gateways": ["edge/ingress"]]]
            as [[String: JSON]])
    func `the steps are those that the plan freezes`(parameters: [String: JSON]) throws {
        let situation = situation(parameters)
        let steps = RevisionRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation)
        let way = try RevisionRunbook.wayBack(for: situation.takeover).required()
        #expect(steps.map(\.outline) == way.outlines)
    }

    @Test func `own steps say why there is no way back`() {
        OwnRunbook.wayBack(for: .revision()).expectRefusal()
    }
}
