import FleetModel
import Testing

@testable import Takeovers

@Suite struct UpgradeAgentTests {
    private let takeover = Takeover.revision(parameters: [
        "charts": [
            "base": "istio/base", "istiod": "istio/istiod", "cni": "istio/cni",
            "ztunnel": "istio/ztunnel",
        ],
        "agents": ["cni": "kube-system/istio-cni"],
    ])

    private func step(_ name: String) throws -> Step {
        try RevisionRunbook.step(name, of: "takeover", in: .revision(takeover))
    }

    private func world(_ chart: String) throws -> World {
        var world = try World.revision("20")
        world.releases["kube-system/istio-cni"] = HelmWorld(chart: chart)
        var agent = try Fixture.sample("daemonset-ready", in: "workloads")
        agent[path: ["metadata", "name"]] = "istio-cni-node"
        agent[path: ["metadata", "namespace"]] = "kube-system"
        agent[path: ["metadata", "annotations"]] = [
            "meta.helm.sh/release-name": "istio-cni",
            "meta.helm.sh/release-namespace": "kube-system",
        ]
        world.cluster.append(agent)
        return world
    }

    @Test func `agents go before tags, the network's before ztunnel`() throws {
        let phases = RevisionRunbook.outline(for: takeover).phases
        let names = phases.first { $0.name == "takeover" }?.steps.map(\.name) ?? []
        #expect(
            names.prefix(4) == ["lock", "upgrade-cni", "upgrade-ztunnel", "move-tags"])
        let without = RevisionRunbook.outline(for: .revision()).phases.flatMap(\.steps)
        #expect(!without.contains { $0.name.hasPrefix("upgrade-cni") })
    }

    @Test func `an agent that Helm did not install is left alone`() throws {
        let words = "there is no release istio-system/ztunnel"
        #expect(try world("cni-1.24.3").observe(step("upgrade-ztunnel")) == .done(words))
    }

    @Test func `an old chart is upgraded with its values`() throws {
        let (world, step) = (try world("cni-1.24.3"), try step("upgrade-cni"))
        let words = "release kube-system/istio-cni is of chart cni-1.24.3"
        #expect(world.observe(step) == .notDone(words))
        let command = try #require(world.commands(step).last)
        #expect(command.argv.contains("--reuse-values") && command.argv.contains("istio/cni"))
    }

    @Test func `every node has to have its new agent`() throws {
        var world = try world("cni-1.25.2")
        let step = try step("upgrade-cni")
        let done = "release kube-system/istio-cni is of version 1.25.2 on every node"
        #expect(world.observe(step) == .done(done))
        world.edit("DaemonSet", "istio-cni-node", in: "kube-system") {
            $0[path: ["status", "updatedNumberScheduled"]] = 0
        }
        #expect(world.observe(step).word == "partial")
        world.edit("DaemonSet", "istio-cni-node", in: "kube-system") {
            $0[path: ["spec", "updateStrategy", "type"]] = "OnDelete"
        }
        let words = "DaemonSet kube-system/istio-cni-node replaces no pod itself"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }
}
