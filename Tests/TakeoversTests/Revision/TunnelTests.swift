import FleetModel
import Testing

@testable import Takeovers

/// ztunnel, led from one istiod to the next and back.
@Suite struct TunnelTests {
    private let takeover = Takeover.revision(parameters: [
        "charts": ["istiod": "istio/istiod", "ztunnel": "istio/ztunnel"]
    ])
    private static let release = "istio-system/ztunnel"

    private func step(_ name: String, of phase: String = "takeover") throws -> Step {
        try RevisionRunbook.step(name, of: phase, in: .revision(takeover))
    }

    /// A cluster whose ztunnel asks the istiod of a revision, as Istio's chart has it.
    private func world(
        _ chart: String = "ztunnel-1.24.3", values: JSON = ["revision": "1-24-3"],
        asking revision: String = "1-24-3", image: String = "istio/ztunnel:1.25.2",
        stage: String = "20"
    ) throws -> World {
        var world = try World.revision(stage)
        world.releases[Self.release] = HelmWorld(chart: chart, values: values)
        var agent = try Fixture.sample("daemonset-ready", in: "workloads")
        agent[path: ["metadata", "name"]] = "ztunnel"
        agent[path: ["metadata", "namespace"]] = "istio-system"
        agent[path: ["metadata", "annotations"]] = [
            "meta.helm.sh/release-name": "ztunnel",
            "meta.helm.sh/release-namespace": "istio-system",
        ]
        let template = Self.template(asking: revision, image: image)
        agent[path: ["spec", "template"]] = template
        world.cluster.append(agent)
        var pod = template
        pod["kind"] = "Pod"
        pod[path: ["metadata", "name"]] = "ztunnel-1"
        pod[path: ["metadata", "namespace"]] = "istio-system"
        pod[path: ["metadata", "ownerReferences"]] = [
            ["kind": "DaemonSet", "name": "ztunnel", "controller": true]
        ]
        pod["status"] = [
            "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
        ]
        world.cluster.append(pod)
        return world
    }

    private static func template(asking revision: String, image: String) -> JSON {
        let address = JSON.string("istiod-\(revision).istio-system.svc:15012")
        return [
            "metadata": [
                "labels": ["app": "ztunnel"], "annotations": ["istio.io/rev": .string(revision)],
            ],
            "spec": [
                "containers": [
                    [
                        "name": "istio-proxy", "image": .string(image),
                        "args": ["proxy", "ztunnel"],
                        "env": [
                            ["name": "CA_ADDRESS", "value": address],
                            ["name": "XDS_ADDRESS", "value": address],
                        ],
                    ]
                ]
            ],
        ]
    }

    @Test func `ztunnel is given the new revision, and keeps its other values`() throws {
        let world = try world(values: ["revision": "1-24-3", "logLevel": "debug"])
        let command = try #require(world.commands(step("upgrade-ztunnel")).last)
        #expect(command.argv.contains("istio/ztunnel"))
        let option = try #require(command.argv.firstIndex(of: "--set-string"))
        #expect(command.argv[option + 1] == "revision=1-25-2")
        #expect(command.stdin?.contains("debug") == true)
        #expect(!command.argv.contains("--wait"))
    }

    @Test func `the new version that asks the old istiod is upgraded once more`() throws {
        let world = try world("ztunnel-1.25.2")
        let words = "release istio-system/ztunnel was made with other values"
        #expect(try world.observe(step("upgrade-ztunnel")) == .notDone(words))
    }

    @Test func `it is done once every node's pod asks the new istiod`() throws {
        let values: JSON = ["revision": "1-25-2"]
        var world = try world("ztunnel-1.25.2", values: values, asking: "1-25-2")
        let done = "release istio-system/ztunnel is of version 1.25.2 on every node"
        #expect(try world.observe(step("upgrade-ztunnel")) == .done(done))
        world.edit("DaemonSet", "ztunnel", in: "istio-system") {
            $0[path: ["status", "updatedNumberScheduled"]] = 0
        }
        #expect(try world.observe(step("upgrade-ztunnel")).word == "partial")
        let stuck = try self.world("ztunnel-1.25.2", values: values)
        let words = "DaemonSet istio-system/ztunnel asks istiod-1-24-3.istio-system.svc:15012 "
        #expect(
            try stuck.observe(step("upgrade-ztunnel"))
                == .failed(Failure(.terminal, words + "(XDS_ADDRESS)")))
    }

    @Test(arguments: ["xdsAddress", "caAddress"])
    func `values that hold on to the old istiod are found before anything is run`(
        name: String
    ) throws {
        let address = "istiod-1-24-3.istio-system.svc:15012"
        let world = try world(values: ["revision": "1-24-3", name: .string(address)])
        let words =
            "release istio-system/ztunnel holds on to the old control plane: its value \(name) is "
            + "\(address.quoted); take that out by a `helm upgrade` of its present chart"
        #expect(
            try world.observe(step("upgrade-ztunnel")) == .failed(Failure(.terminal, words)))
        let found = world.findings(of: "PR1", by: RevisionRunbook.self, in: .revision(takeover))
        #expect(found == [Finding("PR1", .block, words)])
        let elsewhere = try self.world(values: ["xdsAddress": "xds.example.com:15012"])
        #expect(try elsewhere.observe(step("upgrade-ztunnel")).word == "notDone")
    }

    /// The istiods' variables, by revision.
    private func world(telling variables: [String: [String: String]]) throws -> World {
        var world = try world()
        for (revision, values) in variables {
            world.edit("Deployment", "istiod-\(revision)", in: "istio-system") { istiod in
                let path = ["spec", "template", "spec", "containers"]
                var containers = istiod[path: path]?.array ?? []
                containers[0]["env"] = .array(
                    values.map { ["name": .string($0.key), "value": .string($0.value)] })
                istiod[path: path] = .array(containers)
            }
        }
        return world
    }

    @Test func `it is not led to an istiod that takes no ztunnel`() throws {
        let ambient = ["PILOT_ENABLE_AMBIENT": "true"]
        let world = try world(telling: ["1-24-3": ambient, "1-25-2": ["PILOT_CERT": "istiod"]])
        let words =
            "Deployment istio-system/istiod-1-25-2 is not told PILOT_ENABLE_AMBIENT, and so takes "
            + "no ztunnel: write `profile: ambient` into its values, and prepare anew"
        #expect(
            try world.observe(step("upgrade-ztunnel")) == .failed(Failure(.terminal, words)))
        let both = try self.world(telling: ["1-24-3": ambient, "1-25-2": ambient])
        #expect(try both.observe(step("upgrade-ztunnel")).word == "notDone")
    }

    @Test func `nor to one that does not trust its account`() throws {
        let trust = ["CA_TRUSTED_NODE_ACCOUNTS": "a/b,istio-system/default"]
        let world = try world(
            telling: ["1-24-3": trust, "1-25-2": ["CA_TRUSTED_NODE_ACCOUNTS": "a/b"]])
        let words =
            "Deployment istio-system/istiod-1-25-2 does not trust ztunnel's account "
            + "istio-system/default (CA_TRUSTED_NODE_ACCOUNTS): set `trustedZtunnelNamespace` in "
            + "its values, and prepare anew"
        #expect(
            try world.observe(step("upgrade-ztunnel")) == .failed(Failure(.terminal, words)))
        let both = try self.world(telling: ["1-24-3": trust, "1-25-2": trust])
        #expect(try both.observe(step("upgrade-ztunnel")).word == "notDone")
    }

    @Test(arguments: [
        ("{}", true), (#"{"env": {"PILOT_ENABLE_AMBIENT": "false"}}"#, true),
        (#"{"env": {"PILOT_ENABLE_AMBIENT": "true"}}"#, false),
        (#"{"pilot": {"env": {"PILOT_ENABLE_AMBIENT": true}}}"#, false),
        (#"{"profile": "ambient"}"#, false), (#"{"global": {"profile": "ambient"}}"#, false),
    ])
    func `the preflight tells values that ask for no istiod of that kind`(
        values: String, isTold: Bool
    ) throws {
        let world = try world(telling: ["1-24-3": ["PILOT_ENABLE_AMBIENT": "true"]])
        let takeover = Takeover.revision(
            parameters: takeover.parameters, manifests: ["istiod": values])
        let found = world.findings(of: "PR7", by: RevisionRunbook.self, in: .revision(takeover))
        #expect(found.map(\.severity) == (isTold ? [.warn] : []))
    }

    @Test func `a ztunnel that asks the old istiod keeps it, and one of the new does not`() throws {
        let proof = try step("prove-old-unused", of: "retire")
        let old = try world(stage: "40")
        #expect("\(old.observe(proof))".contains("proxies on 1-24-3: istio-system/ztunnel-1"))
        let new = try world("ztunnel-1.25.2", asking: "1-25-2", stage: "40")
        #expect(!"\(new.observe(proof))".contains("ztunnel"))
    }

    @Test func `one that was led over already is no workload that has moved by itself`() throws {
        let world = try world("ztunnel-1.25.2", asking: "1-25-2", stage: "10")
        let check = try step("old-untouched", of: "prepare")
        #expect(!"\(world.observe(check))".contains("ztunnel"))
    }

    @Test func `the way back takes its release to the record of before, node by node`() throws {
        let (old, new): (JSON, JSON) = (["revision": "1-24-3"], ["revision": "1-25-2"])
        var world = try world("ztunnel-1.25.2", values: new, asking: "1-25-2")
        world.releases[Self.release]?.revision = 3
        world.releases[Self.release]?.earlier = [1: old, 2: new]
        let steps = RevisionRunbook.steps(of: "rollback", in: .revision(takeover))
        let names = steps.map(\.outline.name)
        #expect(names.suffix(3) == ["return-ztunnel", "check-moved-back", "unlock"])
        let way = try RevisionRunbook.wayBack(for: takeover).required()
        #expect(steps.map(\.outline) == way.outlines)
        let step = try #require(steps.first { $0.outline.name == "return-ztunnel" })
        let words = "release istio-system/ztunnel has to go back to its record 1"
        #expect(world.observe(step) == .notDone(words))
        let commands = world.commands(step)
        #expect(commands.last?.argv.contains("rollback") == true)
        #expect(commands.last?.argv.contains("--wait") == false)
        world.run(commands)
        #expect(world.releases[Self.release]?.values == old)
        let done = "release istio-system/ztunnel is as before 1-25-2 on every node"
        #expect(world.observe(step) == .done(done))
        world.edit("DaemonSet", "ztunnel", in: "istio-system") {
            $0[path: ["status", "updatedNumberScheduled"]] = 0
        }
        #expect(world.observe(step).word == "partial")
        world.releases[Self.release] = nil
        #expect(world.observe(step) == .done("there is no release istio-system/ztunnel"))
    }

    @Test func `the way back of a takeover that leaves ztunnel alone does so, too`() {
        let names = RevisionRunbook.steps(of: "rollback", in: .revision()).map(\.outline.name)
        #expect(!names.contains("return-ztunnel"))
    }
}
