import FleetModel
import Testing

@testable import Takeovers

/// Gateways in other namespaces, whose clients are led over by DNS.
@Suite struct GatewayAddressTests {
    private static let parameters: [String: JSON] = [
        "gateways": "dns", "ttl": "10m", "resolvers": ["10.0.0.53", "1.1.1.1"],
    ]
    private let situation = Situation.gloo(.gloo(parameters: parameters))
    private let record = "shop.example A 34.86.225.10 -> 34.86.225.164 TTL 10m 00s"

    private func step(_ name: String, of phase: String = "takeover") throws -> Step {
        try GlooRunbook.step(name, of: phase, in: situation)
    }

    /// Everything has been restarted; the gateways serve names of their own.
    private func world(hosts: [JSON] = ["prod/shop.example", "*", "*.local"]) throws -> World {
        var world = try World("60")
        world.cluster.append([
            "kind": "Gateway", "metadata": ["name": "edge", "namespace": "prod"],
            "spec": [
                "selector": ["istio": "eastwestgateway"], "servers": [["hosts": .array(hosts)]],
            ],
        ])
        return world
    }

    private func acknowledge(_ world: inout World) {
        world.edit("ConfigMap", AddressChanges.mapName, in: "default") {
            $0[path: ["metadata", "annotations", AddressChanges.answer]] = "done"
        }
    }

    /// The cut-over as far as the answer to it, with resolvers that say the same.
    private func answered(_ answers: String?...) throws -> World {
        var world = try world()
        _ = world.turn(try step("publish-addresses"))
        acknowledge(&world)
        for (resolver, answer) in zip(["10.0.0.53", "1.1.1.1"], answers) {
            world.names["shop.example A @\(resolver)"] = answer
        }
        return world
    }

    // MARK: - Records

    @Test func `the steps come after the selectors, and only when DNS leads clients over`() {
        let names = GlooRunbook.outline(for: situation.takeover).phases[1].steps.map(\.name)
        #expect(names.suffix(4) == ["switch-gateways", "publish-addresses", "await-dns", "unlock"])
        let others = GlooRunbook.outline(for: .gloo()).phases.flatMap(\.steps).map(\.name)
        #expect(!others.contains("publish-addresses") && !others.contains("await-dns"))
    }

    @Test func `a record has host, type, both addresses and for how long the old one is kept`()
        throws
    {
        var world = try world()
        let publish = try step("publish-addresses")
        #expect(world.observe(publish) == .notDone(record))
        #expect(world.turn(publish).observation == .done(record))
        let map = world.object("ConfigMap", AddressChanges.mapName, in: "default")
        #expect(map?[path: ["data", "records"]]?.string == record)
        #expect(world.turn(publish).commands.withoutLease.isEmpty)
    }

    @Test func `names come from gateways and their routes, and nobody guesses others`() throws {
        var world = try world(hosts: ["*"])
        let publish = try step("publish-addresses")
        let unknown = "<hosts of istio-eastwestgateway> A 34.86.225.10 -> 34.86.225.164"
        #expect(world.observe(publish) == .notDone("\(unknown) TTL 10m 00s"))
        for (name, gateway, host) in [
            ("a", "edge", "a.example"), ("b", "prod/edge", "*.b.example"),
            ("c", "mesh", "c.example"), ("d", "prod/other", "d.example"),
            ("e", "edge", "-x.example"), ("f", "edge", "reviews"),
        ] {
            world.cluster.append([
                "kind": "VirtualService", "metadata": ["name": .string(name), "namespace": "prod"],
                "spec": ["gateways": [.string(gateway)], "hosts": [.string(host)]],
            ])
        }
        guard case .notDone(let words) = world.observe(publish) else {
            Issue.record("\(world.observe(publish))")
            return
        }
        #expect(
            words.split(separator: ";").map { $0.split(separator: " ").first ?? "" } == [
                "*.b.example", "a.example",
            ])
    }

    @Test func `a gateway at the nodes, without a successor, or without an address is told`() throws
    {
        let publish = try step("publish-addresses")
        let place = ("Service", "istio-eastwestgateway")
        var world = try world()
        world.edit(place.0, place.1, in: "istio-gateways") {
            $0[path: ["spec", "type"]] = "NodePort"
        }
        #expect(world.observe(publish).word == "failed terminal")
        world = try self.world()
        world.edit(place.0, place.1, in: "gloo-mesh-gateways") { $0["status"] = [:] }
        #expect(
            world.observe(publish)
                == .unknown(
                    "Service gloo-mesh-gateways/istio-eastwestgateway has no address yet"))
        world = try self.world()
        world.remove(place.0, place.1, in: "gloo-mesh-gateways")
        #expect(world.observe(publish).word == "failed terminal")
    }

    @Test func `nobody is led to a gateway that has fallen ill since it was installed`() throws {
        var world = try answered("34.86.225.164\n", "34.86.225.164\n")
        #expect(world.observe(try step("await-dns")).word == "settling")
        world.edit("Deployment", "istio-eastwestgateway-1-15", in: "gloo-mesh-gateways") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        for name in ["publish-addresses", "await-dns"] {
            guard case .partial(let words) = world.observe(try step(name)) else {
                Issue.record("\(name): \(world.observe(try step(name)))")
                continue
            }
            #expect(words.hasSuffix("istio-eastwestgateway-1-15: 0 of 1 pods are available"))
        }
        #expect(world.observe(try step("return-addresses", of: "rollback")).word == "notDone")
    }

    // MARK: - Waiting

    @Test func `nobody goes on before somebody says that the records were changed`() throws {
        var world = try world()
        _ = world.turn(try step("publish-addresses"))
        guard case .partial(let words) = world.observe(try step("await-dns")) else {
            Issue.record("\(world.observe(try step("await-dns")))")
            return
        }
        #expect(
            words == "once 1 records are changed, run `kubectl --context cluster-1 "
                + "--request-timeout=30s -n default annotate --overwrite configmap "
                + "fleet-istio-migration-dns bellwether/dns=done`")
    }

    @Test(arguments: [
        (["34.86.225.10\n", "34.86.225.164\n"], "leads shop.example to 34.86.225.10"),
        (["34.86.225.164\n34.86.225.10\n", nil], "leads shop.example to 34.86.225.164, 34."),
        ([";; connection timed out\n", nil], "knows no shop.example"),
        ([nil, nil], "does not answer for shop.example"),
    ])
    func `a resolver that still says otherwise is named`(
        answers: [String?], words: String
    ) throws {
        let world = try answered(answers[0], answers[1])
        guard case .partial(let complaint) = world.observe(try step("await-dns")) else {
            Issue.record("\(world.observe(try step("await-dns")))")
            return
        }
        #expect(complaint.hasPrefix("resolver 10.0.0.53 \(words)"), "\(complaint)")
    }

    @Test func `once every resolver agrees, twice the old time to live is waited for`() throws {
        var world = try answered("34.86.225.164\n", "Shop-lb.Example.\n34.86.225.164\n")
        let wait = try step("await-dns")
        guard case .settling(let item, let duration, _) = world.observe(wait) else {
            Issue.record("\(world.observe(wait))")
            return
        }
        #expect(duration == .minutes(20))
        #expect(wait.timeout > .minutes(20))
        world.settled = [item]
        let words = "1 records were changed; 10.0.0.53, 1.1.1.1 agree on 1 of them"
        #expect(world.observe(wait) == .done(words))
        world.names["shop.example A @1.1.1.1"] = "34.86.225.10\n"
        #expect(world.observe(wait).word == "partial")
    }

    @Test func `a load balancer's name counts by itself or by what it leads to`() throws {
        for (answer, word) in [
            ("new.elb.example.\n203.0.113.9\n", "settling"), ("203.0.113.9\n", "settling"),
            ("203.0.113.7\n", "partial"), ("old.elb.example.\n203.0.113.9\n", "partial"),
        ] {
            var world = try world()
            for (space, name) in [("istio-gateways", "old"), ("gloo-mesh-gateways", "new")] {
                world.edit("Service", "istio-eastwestgateway", in: space) {
                    $0[path: ["status", "loadBalancer", "ingress"]] = [
                        ["hostname": .string("\(name).elb.example")]
                    ]
                }
            }
            _ = world.turn(try step("publish-addresses"))
            acknowledge(&world)
            for resolver in ["10.0.0.53", "1.1.1.1"] {
                world.names["shop.example A @\(resolver)"] = answer
                world.names["new.elb.example A @\(resolver)"] = "203.0.113.8\n203.0.113.9\n"
            }
            #expect(world.observe(try step("await-dns")).word == word, "\(answer)")
        }
    }

    @Test func `what dig would take for an option never gets there`() {
        #expect(!["-f", "@x", "+x", "a b", "", "x..y", "-x.example"].contains { $0.isHostName })
        #expect(["10.0.0.53", "::1", "ns1.example", "ns"].allSatisfy(ResolverQuestion.isResolver))
        #expect(!["-f:", "@::1", "a:g"].contains(where: ResolverQuestion.isResolver))
    }

    @Test func `resolvers are needed, two of them, and have to be some`() {
        let problems = { (parameters: [String: JSON]) in
            GlooRunbook.problems(in: .gloo(parameters: parameters))
        }
        let two = "at least two resolvers have to tell that clients find the new addresses"
        #expect(problems(["gateways": "dns"]).map(\.problem) == [two])
        #expect(problems(["gateways": "dns", "dns": "others"]).isEmpty)
        #expect(
            problems(["gateways": "dns", "resolvers": ["a", "a"]]).map(\.subject)
                == [.parameter("resolvers")])
        #expect(
            problems(["gateways": "dns", "resolvers": ["1.1.1.1", "-f"]]).map(\.problem)
                == [#""-f" is no resolver"#])
    }

    // MARK: - Before, and the end

    @Test func `the old gateways stay until somebody has said that clients find the new ones`()
        throws
    {
        var world = try world()
        _ = world.turn(try step("lock"))
        let removal = try step("remove-old-gateways", of: "retire")
        guard case .failed(let failure) = world.observe(removal) else {
            Issue.record("\(world.observe(removal))")
            return
        }
        #expect(failure.reason.contains("nobody has said that clients find the new addresses"))
        _ = world.turn(try step("publish-addresses"))
        #expect(world.observe(removal).word == "failed terminal")
        acknowledge(&world)
        #expect(world.turn(removal).observation.word == "done")
        #expect(
            world.observe(try step("await-dns"))
                == .done("no client has to be led to another address"))
        let forget = try step("forget-notes", of: "retire")
        world.cluster.removeAll { $0["kind"] == "MutatingWebhookConfiguration" }
        #expect(world.object("ConfigMap", AddressChanges.mapName, in: "default") != nil)
        #expect(world.turn(forget).observation == .done("nothing is noted any more"))
        #expect(world.object("ConfigMap", AddressChanges.mapName, in: "default") == nil)
        #expect(world.turn(forget).commands.isEmpty)
    }

    @Test func `the preflight says what DNS leads over, and what it can't`() throws {
        var world = try World("00")
        let preflight = try step("preflight", of: "prepare")
        let words = "clients of istio-gateways/istio-eastwestgateway (34.86.225.10) are led over"
        #expect("\(world.observe(preflight))".contains(words))
        world.edit("Service", "istio-eastwestgateway", in: "istio-gateways") {
            $0[path: ["spec", "type"]] = "NodePort"
        }
        #expect(world.observe(preflight).word == "failed blocked")
    }

    // MARK: - The way back

    @Test func `the records that lead back are written down, and then asked for anew`() throws {
        var world = try answered("34.86.225.164\n", "34.86.225.164\n")
        let back = try step("return-addresses", of: "rollback")
        let (observation, commands) = world.turn(back)
        #expect(
            observation == .done("shop.example A 34.86.225.164 -> 34.86.225.10 TTL 10m 00s"))
        #expect(commands.withoutLease.count == 1)
        #expect(world.turn(back).commands.withoutLease.isEmpty)
        // Forward once more, nobody has said anything yet.
        #expect(world.turn(try step("publish-addresses")).observation == .done(record))
        #expect(world.observe(try step("await-dns")).word == "partial")
    }

    @Test func `where nothing was led over, nothing is led back`() throws {
        let world = try world()
        #expect(
            world.observe(try step("return-addresses", of: "rollback"))
                == .done("no client has to be led to another address"))
        guard case .steps(let outlines, _) = GlooRunbook.wayBack(for: situation.takeover) else {
            Issue.record("there is no way back")
            return
        }
        #expect(GlooRunbook.steps(of: "rollback", in: situation).map(\.outline) == outlines)
    }
}
