import FleetModel
import Testing

@testable import Takeovers

/// How long git has ruled before a takeover is called finished (B14).
@Suite struct FinishTests {
    private static let settling = Observation.settling(
        item: "git rules again", for: .minutes(10), fingerprint: "")

    private func step(_ parameters: [String: JSON]) throws -> Step {
        try BigBangRunbook.step(
            "finish", in: .bigBang(parameters.merging(["finishHold": "10m"]) { $1 }))
    }

    /// The last stage, so long after the parent was deployed last.
    private func world(after: Duration) throws -> World {
        var world = try World(bigBang: "254/60")
        let release = try #require(world.object("HelmRelease", "bigbang", in: "bigbang"))
        let text = try #require(release.status.items("history").first?["lastDeployed"]?.string)
        world.now = try #require(Timestamp(rfc3339: text)) + after
        return world
    }

    @Test func `values that a hook committed have to stay for a while, whoever is asked`() throws {
        let hook = try step(["delivery": "hook", "hook": ["deliver"]])
        var world = try world(after: .minutes(3))
        #expect(world.observe(hook) == Self.settling)
        world.settled = ["git rules again"]
        #expect(world.observe(hook).word == "done")
    }

    @Test func `a takeover that was finished long ago is not watched once more`() throws {
        let hook = try step(["delivery": "hook", "hook": ["deliver"]])
        #expect(try world(after: .minutes(10)).observe(hook).word == "done")
        let override = try step(["valuesInGit": true])
        #expect(try world(after: .minutes(60)).observe(override).word == "done")
    }

    private let overlay: JSON = [
        "kind": "ConfigMap",
        "metadata": ["name": .string(ValuesDelivery.overlayName), "namespace": "bigbang"],
    ]

    /// The ConfigMap of the override is there until the time is over, and says after a crash
    /// that it is not.
    @Test func `a crash in the middle of the hold begins it anew`() throws {
        var world = try world(after: .minutes(60))
        world.cluster.append(overlay)
        let step = try step(["valuesInGit": true])
        #expect(world.observe(step) == Self.settling)
        world.settled = ["git rules again"]
        #expect(world.observe(step) == .notDone("our values are laid over nothing"))
        world.run(world.commands(step))
        world.settled = []
        #expect(world.object("ConfigMap", ValuesDelivery.overlayName, in: "bigbang") == nil)
        #expect(world.observe(step).word == "done")
    }

    @Test func `what Flux does not date is watched in full`() throws {
        var world = try world(after: .minutes(60))
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 3, "status": "deployed", "chartVersion": "2.54.0"]
            ]
        }
        #expect(world.observe(try step(["valuesInGit": true])) == Self.settling)
    }
}
