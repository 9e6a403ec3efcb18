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

    private func world(
        _ chart: String, values: JSON = [:], image: String = "istio/install-cni:1.25.2"
    ) throws -> World {
        var world = try World.revision("20")
        world.releases["kube-system/istio-cni"] = HelmWorld(chart: chart, values: values)
        var agent = try Fixture.sample("daemonset-ready", in: "workloads")
        agent[path: ["metadata", "name"]] = "istio-cni-node"
        agent[path: ["metadata", "namespace"]] = "kube-system"
        agent[path: ["metadata", "annotations"]] = [
            "meta.helm.sh/release-name": "istio-cni",
            "meta.helm.sh/release-namespace": "kube-system",
        ]
        agent[path: ["spec", "template", "spec", "containers"]] = [
            ["name": "install-cni", "image": .string(image)]
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

    @Test func `an old chart is upgraded with its values, and none of the old chart's own`()
        throws
    {
        let values: JSON = ["cniBinDir": "/var/lib/cni/bin", "global": ["hub": "example.net"]]
        let (world, step) = (try world("cni-1.24.3", values: values), try step("upgrade-cni"))
        let words = "release kube-system/istio-cni is of chart cni-1.24.3"
        #expect(world.observe(step) == .notDone(words))
        let command = try #require(world.commands(step).last)
        #expect(command.argv.contains("istio/cni"))
        #expect(!command.argv.contains("--reuse-values"))
        #expect(command.argv.suffix(4).prefix(2) == ["-f", "-"] && command.stdin == "\(values)")
    }

    @Test func `helm does not wait for what goes node by node`() throws {
        var world = try world("cni-1.24.3")
        let pending = Takeover.revision(
            parameters: takeover.parameters.merging(["pending": "recover"]) { $1 })
        let step = try RevisionRunbook.step("upgrade-cni", of: "takeover", in: .revision(pending))
        #expect(world.commands(step).last?.argv.contains("--wait") == false)
        world.releases["kube-system/istio-cni"]?.status = "pending-upgrade"
        let recovery = try #require(world.commands(step).last)
        #expect(recovery.argv.contains("rollback") && !recovery.argv.contains("--wait"))
        let install = try RevisionRunbook.step(
            "install-control-plane", of: "prepare", in: .revision(pending))
        let fresh = try World.revision("00")
        #expect(fresh.commands(install).last?.argv.contains("--wait") == true)
    }

    @Test(arguments: [
        "istio/install-cni:1.24.3", "istio/install-cni:1.25.20",
        "istio/install-cni:1.24.3-distroless@sha256:00",
    ])
    func `a new chart with an old image is not done`(image: String) throws {
        let seen = try world("cni-1.25.2", image: image).observe(step("upgrade-cni"))
        guard case .failed(let failure) = seen else {
            Issue.record("the image is \(image), and the step says \(seen)")
            return
        }
        #expect(failure.reason.hasPrefix("DaemonSet kube-system/istio-cni-node runs 1.2"))
    }

    @Test(arguments: ["istio/install-cni:1.25.2-distroless", "istio/install-cni@sha256:00"])
    func `a variant of the image, or a digest alone, is the new one`(image: String) throws {
        #expect(try world("cni-1.25.2", image: image).observe(step("upgrade-cni")).word == "done")
    }

    @Test(
        arguments: [
            (["tag": "1.24.3"], "tag", "1.24.3"),
            (["global": ["tag": "1.24.3"]], "global.tag", "1.24.3"),
            (["cni": ["tag": 1.24]], "cni.tag", "1.24"),
            (["image": "example.net/install-cni:1.24.3"], "image", "1.24.3"),
        ] as [(JSON, String, String)])
    func `values that hold on to an image are found before anything is run`(
        values: JSON, name: String, tag: String
    ) throws {
        let world = try world("cni-1.24.3", values: values)
        let words =
            "release kube-system/istio-cni holds on to another image: its value \(name) is "
            + "\(tag.quoted); take that out by a `helm upgrade` of its present chart"
        #expect(world.observe(try step("upgrade-cni")) == .failed(Failure(.terminal, words)))
        let preflight = try RevisionRunbook.step(
            "preflight", of: "prepare", in: .revision(takeover))
        guard case .failed(let failure) = world.observe(preflight) else {
            Issue.record("the preflight should block")
            return
        }
        #expect(failure.reason.contains("PR1 \(words)"))
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
