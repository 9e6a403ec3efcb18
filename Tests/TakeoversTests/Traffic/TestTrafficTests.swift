import FleetModel
import Testing

@testable import Takeovers

@Suite struct TestTrafficTests {
    private func step(_ situation: Situation = .gloo()) throws -> Step {
        try GlooRunbook.step("test-traffic", of: "prepare", in: situation)
    }

    /// The world after the calls have been made and answered.
    private func called(_ wrongAnswers: [TestCall: String] = [:]) throws -> World {
        var world = try World("30")
        world.wrongAnswers = wrongAnswers
        for _ in ["servers", "calls"] { world.run(try world.commands(step())) }
        return world
    }

    @Test func `nobody calls before both servers can answer`() throws {
        var world = try World("30")
        let step = try step()
        #expect(world.observe(step) == .notDone("there is no server of the old revision yet"))
        world.run(world.commands(step))
        #expect(world.observe(step) == .notDone("nothing has called yet"))
        world.edit("Deployment", "petstore", in: "petstore-old") { $0["status"] = nil }
        let waiting = world.observe(step)
        #expect(waiting.word == "partial" && "\(waiting)".contains("petstore in petstore-old"))
        #expect(world.commands(step).isEmpty)
    }

    @Test func `both sides demand mutual TLS, and the old one gets old sidecars`() throws {
        let world = try called()
        let old = try #require(world.object("Namespace", "petstore-old"))
        #expect(old.labels == ["istio-injection": "enabled"])
        #expect(old.annotations[TestWorkload.creatorAnnotation] != nil)
        for space in ["petstore", "petstore-old"] {
            let policy = world.object("PeerAuthentication", "bellwether-strict", in: space)
            #expect(policy?.spec[path: ["mtls", "mode"]] == "STRICT")
        }
    }

    @Test func `what was shown is put on record, and nothing else is left`() throws {
        var world = try called()
        let step = try step()
        #expect(world.observe(step).word == "notDone")
        world.run(world.commands(step))
        let words =
            "pods of default and 1-15 reach each other's servers by mutual TLS, and a pod "
            + "without a sidecar reaches neither"
        #expect(world.observe(step) == .done(words))
        #expect(world.object("Namespace", "petstore-old") == nil)
        #expect(world.object("PeerAuthentication", "bellwether-strict", in: "petstore") == nil)
        #expect(!world.cluster.contains { TestCall(rawValue: $0.name) != nil })
        #expect(world.object("Deployment", "petstore", in: "petstore") != nil)
    }

    @Test func `a record of another target does not count`() throws {
        var world = try World("30")
        world.edit("Namespace", "petstore") {
            $0[path: ["metadata", "annotations", TestRound.beforeActivation.recordAnnotation]] =
                "default and 1-14 1.14.0"
        }
        #expect(try world.observe(step()).word == "notDone")
    }

    @Test func `a wrong answer ends the attempt, and the next one calls again`() throws {
        var world = try called([
            .oldToNew: "CERTIFICATE_VERIFY_FAILED\nHTTP 503\nenvoy no\nexit 0\n",
            .withoutSidecar: "HTTP 200\nenvoy yes\nexit 0\n",
        ])
        let step = try step()
        guard case .failed(let failure) = world.observe(step) else {
            Issue.record("mutual TLS does not work, and nobody minds")
            return
        }
        #expect(failure.kind == .terminal)
        #expect(failure.reason.contains("call-old-to-new: CERTIFICATE_VERIFY_FAILED"))
        #expect(failure.reason.contains("call-without-sidecar: got in: HTTP 200"))
        (world.hasActed, world.lastRun) = (false, [])
        #expect(world.observe(step).word == "notDone")
        world.run(world.commands(step))
        #expect(!world.cluster.contains { TestCall(rawValue: $0.name) != nil })
        #expect(world.observe(step) == .notDone("nothing has called yet"))
    }

    @Test func `an old side that lets anybody in ends the attempt, too`() throws {
        let world = try called([.withoutSidecarToOld: "HTTP 200\nenvoy yes\nexit 0\n"])
        let call = try #require(world.object("Pod", "call-without-sidecar-to-old", in: "petstore"))
        #expect(call.labels["sidecar.istio.io/inject"] == "false")
        #expect("\(call)".contains("http://petstore.petstore-old:8080/"))
        guard case .failed(let failure) = try world.observe(step()) else {
            Issue.record("the old side does not enforce mutual TLS, and nobody minds")
            return
        }
        #expect(failure.reason.hasPrefix("call-without-sidecar-to-old: got in: HTTP 200"))
    }

    @Test func `a call from a pod with another sidecar proves nothing`() throws {
        var world = try called()
        world.edit("Pod", TestCall.oldToNew.name, in: "petstore-old") {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"1-15"}"#
        }
        #expect(try world.observe(step()).word == "failed terminal")
    }

    @Test(arguments: [TestCall.withoutSidecar, .newToNew])
    func `nor does one from a pod that has a sidecar it should not have`(call: TestCall) throws {
        var world = try called()
        let space = try #require(
            world.cluster.first { $0["kind"] == "Pod" && $0.name == call.name }
        ).namespace
        world.edit("Pod", call.name, in: space) {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"default"}"#
            $0[path: ["spec", "containers"]] = [
                ["name": "curl"],
                ["name": "istio-proxy", "image": "proxyv2:1.14.5", "args": ["proxy", "sidecar"]],
            ]
        }
        let words = "\(call.name): its pod came up default 1.14.5"
        #expect(try world.observe(step()) == .failed(Failure(.terminal, words)))
    }

    @Test func `what still goes of an earlier attempt is waited for`() throws {
        let words = "what is left of the test is still going"
        for (kind, name, space) in [
            ("Namespace", "petstore-old", ""), ("Pod", TestCall.newToOld.name, "petstore"),
        ] {
            var world = try called()
            world.edit(kind, name, in: space) {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
            #expect(try world.observe(step()) == .partial(words))
            #expect(try world.commands(step()).withoutLease.isEmpty)
        }
    }

    @Test func `once it is too late, what was made for it is removed all the same`() throws {
        var world = try called()
        let tag = try World("40").object(
            "MutatingWebhookConfiguration", "istio-revision-tag-default")
        world.cluster.append(try #require(tag))
        let step = try step()
        #expect(world.observe(step) == .notDone("what the test needed is still there"))
        let (end, _) = world.turn(step)
        #expect(end == .done("new pods go to 1-15 already: too late to try it"))
        #expect(world.object("Namespace", "petstore-old") == nil)
        #expect(!world.cluster.contains { TestCall(rawValue: $0.name) != nil })
    }

    @Test func `an answer is waited for`() throws {
        var world = try called()
        world.edit("Pod", TestCall.newToOld.name, in: "petstore") { $0["status"] = nil }
        #expect(try world.observe(step()) == .partial("call-new-to-old waits for its answer"))
    }

    @Test func `somebody else's namespace of that name is left alone`() throws {
        var world = try World("30")
        world.cluster.append([
            "kind": "Namespace", "metadata": ["name": "petstore-old"],
            "status": ["phase": "Active"],
        ])
        #expect(try world.observe(step()).word == "failed terminal")
    }

    @Test func `who can't run it may switch it off`() throws {
        let off = Situation.gloo(.gloo(parameters: ["testTraffic": false, "gateways": "none"]))
        #expect(try World("30").observe(step(off)) == .done("testTraffic is off"))
    }
}
