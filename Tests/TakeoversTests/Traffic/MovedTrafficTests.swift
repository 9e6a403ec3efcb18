import FleetModel
import Testing

@testable import Takeovers

/// Calls are made once more when all workloads have moved.
@Suite struct MovedTrafficTests {
    private static let relabelled = Situation.gloo(
        .gloo(parameters: ["namespaces": "relabel", "gateways": "none"]))

    private func step(_ situation: Situation = .gloo()) throws -> Step {
        try GlooRunbook.step("test-moved-traffic", of: "takeover", in: situation)
    }

    private func calls(in world: World) -> Set<String> {
        Set(world.cluster.filter { TestCall(rawValue: $0.name) != nil }.map(\.name))
    }

    @Test func `where nobody can choose the old revision any more only the new one is called`()
        throws
    {
        var world = try World("50")
        let step = try step()
        #expect(world.observe(step) == .notDone("nothing has called yet"))
        world.run(world.commands(step))
        #expect(calls(in: world) == ["call-new-to-new", "call-without-sidecar"])
        #expect(
            world.object("PeerAuthentication", "bellwether-strict", in: "petstore") != nil)
        #expect(world.object("Namespace", "petstore-old") == nil)
        world.run(world.commands(step))
        #expect(world.observe(step).word == "done")
        #expect(calls(in: world).isEmpty)
        #expect(
            world.object("PeerAuthentication", "bellwether-strict", in: "petstore") == nil)
    }

    @Test func `where a namespace can still choose it, so do the calls`() throws {
        var world = try World("30")
        let step = try step(Self.relabelled)
        #expect(world.observe(step) == .notDone("there is no server of the old revision yet"))
        for _ in ["servers", "calls"] { world.run(world.commands(step)) }
        #expect(calls(in: world).count == TestCall.allCases.count)
        world.run(world.commands(step))
        #expect(world.observe(step).word == "done")
        #expect(world.object("Namespace", "petstore-old") == nil)
    }

    @Test func `what was shown before the move does not count`() throws {
        var world = try World("50")
        world.edit("Namespace", "petstore") {
            $0[path: [
                "metadata", "annotations", TestRound.beforeActivation.recordAnnotation,
            ]] = "default and 1-15 1.15.3-solo"
        }
        #expect(try world.observe(step()).word == "notDone")
    }

    @Test func `who gets in without a sidecar stops the cluster`() throws {
        var world = try World("50")
        world.wrongAnswers = [.withoutSidecar: "HTTP 200\nenvoy yes\nexit 0\n"]
        let step = try step()
        world.run(world.commands(step))
        guard case .failed(let failure) = world.observe(step) else {
            Issue.record("mutual TLS is not enforced, and nobody minds")
            return
        }
        #expect(failure.reason.hasPrefix("call-without-sidecar: got in: HTTP 200"))
    }

    @Test func `a test workload that somebody removed is made anew`() throws {
        var world = try World("50")
        world.cluster.removeAll { $0.namespace == "petstore" || $0.name == "petstore" }
        let step = try step()
        #expect(world.observe(step) == .notDone("the test workload is gone"))
        let (end, _) = world.turn(step)
        #expect(end.word == "done")
    }

    @Test func `once the old control plane is gone it is too late`() throws {
        let words = "istiod is gone: too late to try it"
        var world = try World("70")
        #expect(try world.observe(step()) == .done(words))
        world.cluster.removeAll { $0.namespace == "petstore" || $0.name == "petstore" }
        #expect(try world.observe(step()) == .done(words))
    }
}
