import FleetModel
import Testing

@testable import Takeovers

@Suite struct ConnectedProxiesTests {
    private func proof(
        _ connected: String?, waived: [String] = [],
        change: (inout World) throws -> Void = { _ in }
    ) throws -> Observation {
        let parameters: [String: JSON] = [
            "gateways": "none", "waived": .array(waived.map(JSON.string)),
        ]
        let step = try GlooRunbook.step(
            "prove-old-unused", of: "retire", in: .gloo(.gloo(parameters: parameters)))
        // Nothing but the old gateway, which goes with its resource, is on the old revision.
        var world = try World("60")
        world.settled = ["default is unused"]
        world.connected = connected
        try change(&world)
        return world.observe(step)
    }

    private func istiod(_ world: World) throws -> JSON {
        try #require(
            world.cluster.first {
                $0["kind"] == "Pod" && $0.labels["app"] == "istiod"
                    && ["default", nil].contains($0.labels["istio.io/rev"])
            })
    }

    @Test func `where nobody may ask, the API server is believed, and that is said`() throws {
        let words = "\(try proof(nil))"
        #expect(words.contains("by the API server alone: Error from server (Forbidden)"))
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

    @Test func `an old istiod is asked wherever it runs`() throws {
        let machine = #"[{"proxy": "vm-7.billing", "cluster_id": "other"}]"#
        let answer = try proof(machine) { world in
            let name = try istiod(world).name
            world.edit("Pod", name, in: "istio-system") {
                $0[path: ["metadata", "namespace"]] = "mesh"
            }
        }
        #expect(answer == .partial("istiod still serves billing/vm-7"))
    }

    @Test func `what is no list proves nothing`() throws {
        let observation = try proof("{}")
        #expect(observation.word == "unknown" && "\(observation)".contains("is no list"))
    }

    @Test(arguments: [
        "Error from server: error dialing backend: EOF", "command terminated with exit code 1",
        "Unable to connect to the server: net/http: TLS handshake timeout",
        "Error from server (ServiceUnavailable): the server is currently unable to handle",
    ])
    func `an istiod that does not answer is not one without proxies`(words: String) throws {
        let observation = try proof("[]") { $0.entryFailures[try istiod($0).name] = words }
        #expect(observation.word == "unknown" && "\(observation)".contains(words))
    }

    @Test func `what one istiod names counts, though another does not answer`() throws {
        let machine = #"[{"proxy": "vm-7.billing", "cluster_id": "other"}]"#
        let observation = try proof(machine) { world in
            var other = try istiod(world)
            other[path: ["metadata", "name"]] = "istiod-0"
            world.cluster.append(other)
            world.entryFailures["istiod-0"] = "Error from server (Forbidden): no"
        }
        #expect(observation == .partial("istiod still serves billing/vm-7"))
    }

    @Test func `an istiod that is not ready any more may still serve`() throws {
        let observation = try proof("[]") { world in
            let name = try istiod(world).name
            world.edit("Pod", name, in: "istio-system") { $0[path: ["status", "conditions"]] = [] }
        }
        #expect(observation.word == "unknown" && "\(observation)".contains("is not ready"))
    }

    @Test func `who ends, has ended or is waived by its owner may be connected still`() throws {
        let name = "details-v1-rlsfrqq9j-lgd5t"
        let connected = #"[{"proxy": "\#(name).bookinfo"}]"#
        #expect(try proof(connected).word == "partial")
        #expect(try proof(connected, waived: ["bookinfo/details-v1-rlsfrqq9j"]).word == "done")
        for change: (inout JSON) -> Void in [
            { $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z" },
            { $0[path: ["status", "phase"]] = "Succeeded" },
        ] {
            let seen = try proof(connected) { $0.edit("Pod", name, in: "bookinfo", change) }
            #expect(seen.word == "done", "\(seen)")
        }
    }

    @Test func `only old istiods that run are asked`() throws {
        for change: (inout JSON) -> Void in [
            { $0[path: ["metadata", "labels", "app"]] = "other" },
            { $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-13" },
            { $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z" },
            { $0[path: ["status", "phase"]] = "Failed" },
        ] {
            let seen = try proof("[]") { world in
                var other = try istiod(world)
                other[path: ["metadata", "name"]] = "istiod-0"
                change(&other)
                world.cluster.append(other)
                world.entryFailures["istiod-0"] = "command terminated with exit code 1"
            }
            #expect(seen.word == "done", "\(seen)")
        }
    }

    @Test func `an istiod that is not ready is not asked while another one answers`() throws {
        let seen = try proof("[]") { world in
            var other = try istiod(world)
            other[path: ["metadata", "name"]] = "istiod-0"
            other[path: ["status", "conditions"]] = []
            world.cluster.append(other)
            world.entryFailures["istiod-0"] = "command terminated with exit code 1"
        }
        #expect(seen.word == "done", "\(seen)")
    }

    @Test func `who does not want them asked is told what the proof rests on`() throws {
        let parameters: [String: JSON] = ["gateways": "none", "askIstiod": false]
        let step = try GlooRunbook.step(
            "prove-old-unused", of: "retire", in: .gloo(.gloo(parameters: parameters)))
        var world = try World("60")
        world.settled = ["default is unused"]
        world.connected = #"[{"proxy": "vm-7.billing"}]"#
        let words = world.observe(step).saying
        #expect(words.contains("by the API server alone: askIstiod is off"), "\(words)")
    }

    @Test(arguments: ["remove-old-gateways", "remove-old-control-plane"])
    func `the istiods are asked again before each removal`(name: String) throws {
        var world = try World("60")
        let step = try GlooRunbook.step(
            name, of: "retire", in: .gloo(.gloo(parameters: ["gateways": "none"])))
        world.connected = "[]"
        #expect(world.observe(step).word == "notDone")
        world.connected = #"[{"proxy": "vm-7.billing", "cluster_id": "other"}]"#
        #expect(world.observe(step) == .unknown("istiod still serves billing/vm-7"))
    }

    @Test func `whom clients have left by somebody's word is no part of the proof`() throws {
        let words = "\(try proof("[]"))"
        #expect(words.contains("not proven: that clients have left istio-gateways/"))
    }
}
