import FleetModel
import Testing

@testable import Takeovers

/// Upgrades by istioctl, and from a control plane without a revision.
@Suite struct IstioctlJourneyTests {
    /// What stays the same, whoever installs: from the test workload to the last restart.
    private let middle = [
        "create the test workload", "create the old side of the test, and demand mutual TLS",
        "have the old side of the test answer", "call between the revisions",
        "put on record that the traffic was tested", "remove the calling pods",
        "let the test namespace do without mutual TLS", "remove the old side of the test",
    ]
    private let restarts = ["details", "productpage", "ratings", "reviews"].map {
        "restart Deployment bookinfo/\($0)-v1"
    }

    @Test func `istioctl takes a cluster from one revision to the next`() throws {
        var world = try World.revision("00")
        world.addDefaultValidator(of: "1-24-3")
        let end = try RevisionJourney(.istioctl(), from: world)
        #expect(
            end.purposes == ["install the control plane of 1-25-2"] + middle + [
                "point istio-revision-tag-default to 1-25-2",
                "point istio-revision-tag-prod-stable to 1-25-2",
            ] + restarts + [
                "have istiod-1-25-2 check Istio's configuration", "remove the test workload",
                "remove the control plane of 1-24-3",
            ])
        let installation = try #require(end.commands.first { $0.argv.contains("install") })
        #expect(
            installation.argv == [
                "istioctl", "--context", "cluster-1", "install", "--set", "revision=1-25-2",
                "--readiness-timeout", "300s", "-y", "-f", "-",
            ])
        #expect(installation.stdin?.contains("minimal") == true)
        #expect(!end.objects.keys.contains { $0.contains("1-24-3") })
        let again = try RevisionJourney(.istioctl(), from: end.world)
        #expect(again.purposes.isEmpty)
        #expect(again.objects == end.objects)
    }

    @Test(arguments: ["helm", "istioctl"])
    func `an unrevisioned control plane is followed by a revision`(installer: String) throws {
        let isByHelm = installer == "helm"
        let takeover: Takeover = isByHelm ? .revision(old: .unnamed) : .istioctl(old: .unnamed)
        var world = try World.unrevisioned()
        if !isByHelm { world.addDefaultValidator(of: .unnamed) }
        let end = try RevisionJourney(takeover, from: world)
        let moves =
            [
                "point istio-revision-tag-prod-stable to 1-25-2", "point the tag default to 1-25-2",
                "deactivate istio-sidecar-injector",
            ] + restarts
        #expect(end.purposes.contains(moves))
        #expect(
            end.purposes.last
                == (isByHelm
                    ? "remove release istio-system/istiod" : "remove the control plane of default"))
        #expect(end.objects["Deployment istio-system/istiod"] == nil)
        #expect(end.objects["MutatingWebhookConfiguration /istio-sidecar-injector"] == nil)
        let tag = try #require(
            end.objects["MutatingWebhookConfiguration /istio-revision-tag-default"])
        #expect(tag.labels["istio.io/rev"] == "1-25-2")
        let proxies = end.world.cluster.filter { Proxy.isInjected(into: $0) }
            .compactMap(Proxy.init)
        #expect(Set(proxies.compactMap(\.revision)) == ["1-25-2"])
        #expect(try RevisionJourney(takeover, from: end.world).purposes.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a coordinator may die after any command`(isUnrevisioned: Bool) throws {
        let takeover = Takeover.istioctl(old: isUnrevisioned ? .unnamed : "1-24-3")
        let world = isUnrevisioned ? try World.unrevisioned() : try World.revision("00")
        let undisturbed = try RevisionJourney(takeover, from: world)
        for kill in 1...undisturbed.commands.count {
            let end = try RevisionJourney(takeover, from: world, killedAfter: kill)
            #expect(end.objects == undisturbed.objects, "killed after command \(kill)")
        }
    }

    @Test func `what was unrevisioned goes back to where it was`() throws {
        let world = try World.unrevisioned()
        var takeover = Takeover.istioctl(old: .unnamed)
        let there = try RevisionJourney(takeover, from: world, through: ["prepare", "takeover"])
        takeover.rollsBack = "7F3K"
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
        var back = there.world
        let purposes = try back.takeBack(situation)
        #expect(
            purposes == [
                "reactivate istio-sidecar-injector",
                "delete istio-revision-tag-default, which was ours",
                "point istio-revision-tag-prod-stable to default",
            ] + restarts.reversed())
        let injection = Injection(
            configurations: back.cluster.filter { $0["kind"] == "MutatingWebhookConfiguration" })
        #expect(injection.activeDefaults.map(\.name) == ["istio-sidecar-injector"])
        #expect(try back.takeBack(situation).isEmpty)
    }

    @Test func `a tag default of before is pointed back, and not deleted`() throws {
        var world = try World.unrevisioned()
        let old = try #require(
            world.object("MutatingWebhookConfiguration", "istio-sidecar-injector"))
        var tag = old
        tag[path: ["metadata", "name"]] = "istio-revision-tag-default"
        tag[path: ["metadata", "labels", "istio.io/tag"]] = "default"
        world.cluster.append(tag)
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") { injector in
            for index in injector.items("webhooks").indices {
                var webhooks = injector.items("webhooks")
                webhooks[index]["namespaceSelector"] = InjectorConfiguration.deactivatedSelector
                injector["webhooks"] = .array(webhooks)
            }
        }
        var takeover = Takeover.istioctl(old: .unnamed)
        let there = try RevisionJourney(takeover, from: world, through: ["prepare", "takeover"])
        #expect(!there.purposes.contains("deactivate istio-sidecar-injector"))
        takeover.rollsBack = "7F3K"
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "9XYZ",
            epoch: 1)
        var back = there.world
        let purposes = try back.takeBack(situation)
        #expect(purposes.first == "point istio-revision-tag-default to default")
        #expect(!purposes.contains { $0.hasPrefix("delete ") })
    }
}
