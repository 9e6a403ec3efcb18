import FleetModel
import Testing

@testable import Takeovers

/// From a control plane without a revision by labels of namespaces, as Istio's own pages have it.
@Suite struct RevisionRelabelTests {
    private let restarts = ["details", "productpage", "ratings", "reviews"].map {
        "restart Deployment bookinfo/\($0)-v1"
    }

    private func takeover(_ installer: String) -> Takeover {
        let parameters: [String: JSON] = ["namespaces": "relabel"]
        return installer == "helm"
            ? .revision(parameters: parameters, old: .unnamed)
            : .istioctl(parameters: parameters, old: .unnamed)
    }

    @Test(arguments: ["helm", "istioctl"])
    func `namespaces go from the default to a name, and the default stays`(
        installer: String
    ) throws {
        let takeover = takeover(installer)
        #expect(RevisionRunbook.problems(in: takeover).isEmpty)
        let end = try RevisionJourney(takeover, from: try World.unrevisioned())
        #expect(
            end.purposes.contains(
                ["note what bookinfo selects", "have bookinfo name 1-25-2"] + restarts))
        #expect(!end.purposes.contains { $0.hasPrefix("deactivate ") })
        #expect(end.objects["MutatingWebhookConfiguration /istio-revision-tag-default"] == nil)
        let labels = try #require(end.objects["Namespace /bookinfo"]).labels
        #expect(labels["istio.io/rev"] == "1-25-2" && labels["istio-injection"] == nil)
        let proxies = end.world.cluster.filter { Proxy.isInjected(into: $0) }
            .compactMap(Proxy.init)
        #expect(Set(proxies.compactMap(\.revision)) == ["1-25-2"])
        #expect(end.objects["Deployment istio-system/istiod"] == nil)
        #expect(try RevisionJourney(takeover, from: end.world).purposes.isEmpty)
    }

    @Test func `a coordinator may die after any command`() throws {
        let (takeover, world) = (takeover("istioctl"), try World.unrevisioned())
        let undisturbed = try RevisionJourney(takeover, from: world)
        for kill in 1...undisturbed.commands.count {
            let end = try RevisionJourney(takeover, from: world, killedAfter: kill)
            #expect(end.objects == undisturbed.objects, "killed after command \(kill)")
        }
    }

    @Test func `namespaces that were led over say again what they said before`() throws {
        var takeover = takeover("helm")
        let world = try World.unrevisioned()
        let there = try RevisionJourney(takeover, from: world, through: ["prepare", "takeover"])
        takeover.rollsBack = "7F3K"
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
        let way = try RevisionRunbook.wayBack(for: takeover).required()
        let steps = RevisionRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation)
        #expect(steps.map(\.outline) == way.outlines)
        var back = there.world
        let purposes = try back.takeBack(situation)
        #expect(purposes.first == "have bookinfo select what it did before")
        #expect(purposes.suffix(4) == restarts.reversed())
        let (before, after) = (
            world.object("Namespace", "bookinfo"), back.object("Namespace", "bookinfo")
        )
        #expect(before?.labels == after?.labels)
        #expect(after?.annotations[SelectionNote.annotation] == nil)
        #expect(try back.takeBack(situation).isEmpty)
    }
}
