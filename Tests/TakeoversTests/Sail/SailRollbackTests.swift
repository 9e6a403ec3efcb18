import FleetModel
import Testing

@testable import Takeovers

/// Upgrades by the sail operator taken back.
@Suite struct SailRollbackTests {
    private func situation(_ parameters: [String: JSON] = [:]) -> Situation {
        var takeover = Takeover(
            name: "sail", runbook: "sail", revision: "default-v1-26-0", version: "1.26.0",
            oldRevision: "default-v1-25-2", parameters: parameters)
        takeover.rollsBack = "7F3K"
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
    }

    private func step(_ name: String) throws -> Step {
        let steps = SailRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation())
        return try #require(steps.first { $0.outline.name == name })
    }

    /// The Istio resource names the new version, and both revisions are there.
    private func world() throws -> World {
        var world = try World(stage: "revision-canary/00-before")
        world.cluster = try ["istio-two-revisions-inuse", "istiorevision-inuse"].map {
            try Fixture.sample($0, in: "sail")
        }
        return world
    }

    @Test func `the operator is led back to the version that the old revision has`() throws {
        var world = try world()
        let step = try step("return-istio")
        #expect(world.observe(step) == .notDone("Istio default is at v1.26.0"))
        let commands = world.commands(step)
        #expect(
            commands.last?.stdin
                == #"{"metadata":{"resourceVersion":"2050"},"spec":{"version":"v1.25.2"}}"#)
        world.run(commands)
        #expect(
            world.observe(step)
                == .partial("the active revision is default-v1-26-0, not default-v1-25-2"))
        world.edit("Istio", "default") {
            $0[path: ["status", "activeRevisionName"]] = "default-v1-25-2"
        }
        #expect(
            world.observe(step) == .done("Istio default is Healthy at v1.25.2, by default-v1-25-2"))
    }

    @Test func `without an old revision there is nowhere to go back to`() throws {
        var world = try world()
        let step = try step("return-istio")
        world.edit("IstioRevision", "default-v1-25-2") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-06-01T00:00:00Z"
        }
        let going = "IstioRevision default-v1-25-2 is being deleted"
        #expect(world.observe(step) == .failed(Failure(.terminal, going)))
        world.remove("IstioRevision", "default-v1-25-2")
        let gone = "there is no IstioRevision default-v1-25-2 to go back to"
        #expect(world.observe(step) == .failed(Failure(.terminal, gone)))
    }

    @Test func `what somebody else has led elsewhere since is left to them`() throws {
        var world = try world()
        world.edit("Istio", "default") { $0[path: ["spec", "version"]] = "v1.27.0" }
        let words = "Istio default is at v1.27.0, where this takeover did not lead it"
        #expect(try world.observe(step("return-istio")) == .failed(Failure(.terminal, words)))
    }

    @Test func `the operator's tags that we moved point to the old revision again`() throws {
        var world = try World(stage: "revision-canary/20-tag-moved")
        world.cluster.append([
            "kind": "IstioRevisionTag",
            "metadata": ["name": "prod", "resourceVersion": "7"],
            "spec": ["targetRef": ["kind": "IstioRevision", "name": "default-v1-26-0"]],
        ])
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector-1-24-3") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "default-v1-25-2"
        }
        let commands = world.commands(try step("return-revision-tags"))
        #expect(commands.last?.purpose == "point tag prod to default-v1-25-2")
    }

    @Test(arguments: [[:], ["namespaces": "relabel"]] as [[String: JSON]])
    func `the steps are those that the plan freezes`(parameters: [String: JSON]) throws {
        let situation = situation(parameters)
        let steps = SailRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation)
        let way = try SailRunbook.wayBack(for: situation.takeover).required()
        #expect(steps.map(\.outline) == way.outlines)
    }

    @Test func `an update in place has no old control plane to go back to`() {
        let takeover = Takeover(
            name: "sail", runbook: "sail", revision: "default", version: "1.26.0",
            oldRevision: "default")
        SailRunbook.wayBack(for: takeover).expectRefusal()
    }
}
