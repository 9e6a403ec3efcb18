import FleetModel
import Testing

@testable import Takeovers

/// Whole upgrades, followed through the acts of their steps.
@Suite struct RevisionJourneyTests {
    @Test func `an upgrade goes from one revision to the next, and again changes nothing`() throws {
        let world = try World.revision("00")
        let end = try RevisionJourney(.revision(), from: world)
        #expect(
            end.purposes == [
                "bring release istio-system/istio-base to chart version 1.25.2",
                "bring release istio-system/istiod-1-25-2 to chart version 1.25.2",
                "create the test workload",
                "create the old side of the test, and demand mutual TLS",
                "have the old side of the test answer",
                "call between the revisions",
                "put on record that the traffic was tested", "remove the calling pods",
                "let the test namespace do without mutual TLS",
                "remove the old side of the test", "point istio-revision-tag-default to 1-25-2",
                "point istio-revision-tag-prod-stable to 1-25-2",
                "restart Deployment bookinfo/details-v1",
                "restart Deployment bookinfo/productpage-v1",
                "restart Deployment bookinfo/ratings-v1", "restart Deployment bookinfo/reviews-v1",
                "bring release istio-system/istio-base to chart version 1.25.2",
                "remove the test workload", "remove release istio-system/istiod-1-24-3",
            ])
        #expect(!end.objects.keys.contains { $0.contains("1-24-3") })
        let again = try RevisionJourney(.revision(), from: end.world)
        #expect(again.purposes.isEmpty)
        #expect(again.objects == end.objects)
    }

    @Test func `a coordinator may die after any command`() throws {
        let world = try World.revision("00")
        let undisturbed = try RevisionJourney(.revision(), from: world)
        for kill in 1...undisturbed.commands.count {
            let end = try RevisionJourney(.revision(), from: world, killedAfter: kill)
            #expect(end.objects == undisturbed.objects, "killed after command \(kill)")
        }
    }

    @Test func `namespaces that name the old revision are given the new one's name`() throws {
        var world = try World.revision("00")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-24-3"
        }
        let blocked = world.observe(try RevisionRunbook.step("preflight", of: "prepare"))
        #expect(blocked.word == "failed blocked")
        let end = try RevisionJourney(.revision(parameters: ["namespaces": "relabel"]), from: world)
        #expect(end.commands.contains { $0.purpose == "have bookinfo name 1-25-2" })
        #expect(end.objects["Namespace /bookinfo"]?.labels["istio.io/rev"] == "1-25-2")
    }
}
