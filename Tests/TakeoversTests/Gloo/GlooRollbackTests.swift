import FleetModel
import Testing

@testable import Takeovers

/// Takeovers taken back, followed through the acts of their steps.
@Suite struct GlooRollbackTests {
    private let phase = RunbookOutline.rollbackPhase
    private let injector = "istio-sidecar-injector"

    private var situation: Situation {
        var takeover = Takeover.gloo()
        takeover.rollsBack = "7F3K"
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: Cluster("mgmt-1"),
            run: "9XYZ", epoch: 1)
    }

    /// A cluster whose workloads have moved, all of them or none.
    private func takenOver(restarted: Bool) throws -> World {
        var world = try World("40")
        for name in ["lock", "deactivate-old-injector"] + (restarted ? ["restart-workloads"] : []) {
            let step = try GlooRunbook.step(name, of: "takeover")
            #expect(world.turn(step).observation.word == "done", "\(name)")
        }
        return world
    }

    /// What a rollback ran, but for the lease. It ends early after so many commands.
    private func rollBack(_ world: inout World, killedAfter limit: Int = .max) throws -> [Command] {
        var commands: [Command] = []
        for step in GlooRunbook.steps(of: phase, in: situation) {
            var (observation, ran) = world.turn(step, atMost: limit - commands.count)
            commands += ran
            if step.outline.name == "return-default", !ran.isEmpty {
                // What Gloo answers with, once it has seen the change.
                world.remove("MutatingWebhookConfiguration", "istio-revision-tag-default")
                observation = world.observe(step)
            }
            if commands.count >= limit { return commands }
            #expect(observation.word == "done", "\(step.outline.name): \(observation)")
        }
        return commands.filter { !$0.purpose.hasSuffix(" the lease") }
    }

    private func revisions(_ world: World) -> [String: String] {
        var revisions: [String: String] = [:]
        for pod in world.cluster where pod["kind"] == "Pod" && Proxy.isInjected(into: pod) {
            revisions[pod.qualifiedName] = Proxy(of: pod)?.revision?.rawValue
        }
        return revisions
    }

    @Test func `the steps are those that the plan freezes`() throws {
        let outlines = try GlooRunbook.wayBack(for: .gloo()).required().outlines
        #expect(GlooRunbook.steps(of: phase, in: situation).map(\.outline) == outlines)
        #expect(!outlines.contains { $0.title.isEmpty })
        #expect(outlines.first?.isBaseline == true)
    }

    @Test func `everything goes back in reverse, and a second time nothing is left to do`() throws {
        let before = try World("40")
        var world = try takenOver(restarted: true)
        #expect(revisions(world).values.contains("1-15"))
        let commands = try rollBack(&world)
        #expect(
            commands.map(\.purpose) == [
                "reactivate istio-sidecar-injector", "set defaultRevision to false for cluster-1",
                "restart Deployment bookinfo/reviews-v1", "restart Deployment bookinfo/ratings-v1",
                "restart Deployment bookinfo/productpage-v1",
                "restart Deployment bookinfo/details-v1",
            ])
        let moved = revisions(world).filter { !$0.key.hasPrefix("petstore/") }
        #expect(Set(moved.values) == ["default"])
        let kind = "MutatingWebhookConfiguration"
        #expect(
            world.object(kind, injector)?["webhooks"] == before.object(kind, injector)?["webhooks"])
        #expect(world.object(kind, injector)?.annotations[SelectorNote.annotation] == nil)
        #expect(try rollBack(&world).isEmpty)
    }

    @Test func `a tag of ours goes again, and only that`() throws {
        let (kind, tag) = ("MutatingWebhookConfiguration", "istio-revision-tag-default")
        let deletion = "delete \(tag), which was ours"
        var world = try World("40")
        world.remove(kind, tag)
        for name in ["lock", "activate", "deactivate-old-injector"] {
            _ = world.turn(try GlooRunbook.step(name, of: "takeover"))
        }
        #expect(world.object(kind, tag) != nil)
        #expect(try rollBack(&world).map(\.purpose).last == deletion)
        #expect(world.object(kind, tag) == nil)
        var others = try takenOver(restarted: false)
        #expect(try !rollBack(&others).map(\.purpose).contains(deletion))
    }

    @Test func `a coordinator may die after any command`() throws {
        let taken = try takenOver(restarted: true)
        var undisturbed = taken
        let count = try rollBack(&undisturbed).count + 2
        for kill in 1...count {
            var world = taken
            _ = try rollBack(&world, killedAfter: kill)
            _ = try rollBack(&world)
            #expect(revisions(world) == revisions(undisturbed), "killed after command \(kill)")
            #expect(world.object("Lease", WriterLock.name, in: "default") == nil)
        }
    }

    @Test func `a dead new control plane does not keep anything from going back`() throws {
        var world = try takenOver(restarted: true)
        world.cluster.removeAll {
            $0.namespace == "istio-system" && $0.labels["istio.io/rev"] == "1-15"
                && ["Deployment", "Pod"].contains($0["kind"]?.string ?? "")
        }
        guard case .refused = world.inject(["kind": "Pod"], in: "bookinfo") else {
            Issue.record("the dead control plane refuses nothing")
            return
        }
        _ = try rollBack(&world)
        let moved = revisions(world).filter { !$0.key.hasPrefix("petstore/") }
        #expect(Set(moved.values) == ["default"])
    }

    @Test func `what never moved is not restarted`() throws {
        var world = try takenOver(restarted: false)
        let purposes = try rollBack(&world).map(\.purpose)
        #expect(
            purposes == [
                "reactivate istio-sidecar-injector", "set defaultRevision to false for cluster-1",
            ])
    }

    @Test func `workloads of an older patch of the old revision are left alone`() throws {
        var world = try World("30")
        world.edit("Deployment", "istiod", in: "istio-system") { istiod in
            var container = istiod.template.spec.items("containers")[0]
            container["image"] = "docker.io/istio/pilot:1.14.9"
            istiod[path: ["spec", "template", "spec", "containers"]] = [container]
        }
        #expect(try rollBack(&world).isEmpty)
    }

    @Test func `who asks for the new revision by name stays there`() throws {
        var world = try takenOver(restarted: true)
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio.io/rev": "1-15"]
        }
        let purposes = try rollBack(&world).map(\.purpose)
        #expect(!purposes.contains { $0.contains("bookinfo/") })
    }

    @Test func `pods that nothing makes anew do not keep the others from going back`() throws {
        var world = try takenOver(restarted: true)
        var bare = try #require(
            world.cluster.first { $0.name.hasPrefix("reviews-v1") && $0["kind"] == "Pod" })
        bare[path: ["metadata", "name"]] = "bare"
        bare[path: ["metadata", "ownerReferences"]] = nil
        world.cluster.append(bare)
        _ = try rollBack(&world)
        let check = try GlooRunbook.step("check-moved-back", of: phase, in: situation)
        guard case .done(let words) = world.observe(check) else {
            Issue.record("\(world.observe(check))")
            return
        }
        #expect(words.contains("left on 1-15: Pod bookinfo/bare"))
    }

    @Test(arguments: [
        ("70", "the old control plane is gone: there is no Deployment istio-system/istiod"),
        (
            "60",
            "the old control plane is not well: istio-sidecar-injector is out of service, and no "
                + "annotation bellwether/selectors tells what it selected; have its operator or "
                + "chart write it anew"
        ),
    ])
    func `without a whole old control plane nothing is touched`(
        stage: String, reason: String
    ) throws {
        let check = try GlooRunbook.step("check-old-plane", of: phase, in: situation)
        #expect(try World(stage).observe(check) == .failed(Failure(.blocked, reason)))
    }

    @Test func `an old control plane on its way out is none`() throws {
        let check = try GlooRunbook.step("check-old-plane", of: phase, in: situation)
        var going = try World("40")
        let resource = try #require(
            going.cluster.first {
                $0["kind"] == "IstioOperator" && !$0.namespace.hasPrefix("gm-iop-")
                    && !$0.name.hasPrefix("installed-state")
            })
        going.edit("IstioOperator", resource.name, in: resource.namespace) {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(going.observe(check).word == "failed blocked")
        var deaf = try World("40")
        deaf.cluster.removeAll {
            $0["kind"] == "Pod" && $0.labels["istio.io/rev"] == "default"
                && $0.labels["app"] == "istiod"
        }
        #expect(deaf.observe(check).word == "failed blocked")
    }

    @Test func `the lease of the run that is taken back may be taken, and no other`() throws {
        var world = try takenOver(restarted: false)
        let lock = try GlooRunbook.step("lock", of: phase, in: situation)
        #expect(world.observe(lock) == .notDone("7F3K is taken back"))
        #expect(world.turn(lock).observation.word == "done")
        let late = try GlooRunbook.step("restart-workloads", of: "takeover")
        let refusal = Failure(.terminal, #""9XYZ" holds the lease default/fleet-istio-migration"#)
        #expect(world.turn(late).observation == .failed(refusal))
        world.edit("Lease", WriterLock.name, in: "default") {
            $0[path: ["spec", "holderIdentity"]] = "5ABC"
        }
        #expect(world.observe(lock).word == "failed blocked")
    }

    @Test func `what a partly deactivated injector selected before is not forgotten`() throws {
        var world = try takenOver(restarted: false)
        let original = try World("40").object("MutatingWebhookConfiguration", injector)
        // The old operator puts one of the webhooks back, and we deactivate it again.
        world.edit("MutatingWebhookConfiguration", injector) { object in
            var webhooks = object.items("webhooks")
            webhooks[2] = original?.items("webhooks")[2] ?? .null
            object["webhooks"] = .array(webhooks)
        }
        let step = try GlooRunbook.step("deactivate-old-injector", of: "takeover")
        _ = world.turn(step)
        _ = try rollBack(&world)
        let restored = world.object("MutatingWebhookConfiguration", injector)
        #expect(restored?["webhooks"] == original?["webhooks"])
    }
}
