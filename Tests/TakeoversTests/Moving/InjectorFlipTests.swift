import FleetModel
import Testing

@testable import Takeovers

/// When the old default injector goes out of service, and when it comes back.
@Suite struct InjectorFlipTests {
    private let kind = "MutatingWebhookConfiguration"
    private let injector = "istio-sidecar-injector"
    private let tag = "istio-revision-tag-default"

    private func deactivation() throws -> Step {
        try GlooRunbook.step("deactivate-old-injector", of: "takeover")
    }

    private func reactivation() throws -> Step {
        var takeover = Takeover.gloo()
        takeover.rollsBack = "7F3K"
        return try GlooRunbook.step(
            "reactivate-old-injector", of: RunbookOutline.rollbackPhase, in: .gloo(takeover))
    }

    /// Another injector that acts wherever the old one does, and after it.
    private func addThird(to world: inout World) throws {
        var istiod = try #require(world.object("Deployment", "istiod", in: "istio-system"))
        istiod[path: ["metadata", "name"]] = "istiod-1-13"
        var third = try #require(world.object(kind, injector))
        third[path: ["metadata", "name"]] = "istio-sidecar-injector-1-13"
        third[path: ["metadata", "labels", "istio.io/rev"]] = "1-13"
        third = third.calling("istiod-1-13")
        world.cluster += [istiod, third]
    }

    @Test func `answers that are not the old revision's are nothing to act on`() throws {
        let step = try deactivation()
        var world = try World("40")
        #expect(world.observe(step).word == "notDone")
        var refusing = world
        refusing.denials["bookinfo"] = { _ in "no room for anybody" }
        let refusal = "a new pod in bookinfo is refused by a policy: no room for anybody"
        #expect(refusing.observe(step) == .unknown(refusal))
        try addThird(to: &world)
        let words = "a new pod in bookinfo would be injected by 1-13 1.14.5"
        #expect(world.observe(step) == .unknown(words))
    }

    @Test func `a tag that leads to the old revision is no injector to take out of service`() throws
    {
        let step = try deactivation()
        var world = try World("40")
        world.run(world.commands(step))
        world.edit(kind, tag) { object in
            object[path: ["metadata", "labels", "istio.io/rev"]] = "default"
            object = object.calling("istiod")
        }
        let words = "a new pod in bookinfo would be injected by default 1.14.5"
        #expect(world.observe(step) == .unknown(words))
    }

    @Test func `where no namespace is there to be asked, the tag still has to be`() throws {
        let step = try deactivation()
        var world = try World("40")
        world.edit("Namespace", "bookinfo") { $0[path: ["metadata", "labels"]] = [:] }
        let words = "istio-sidecar-injector would still inject pods that name no revision"
        #expect(world.observe(step) == .notDone(words))
        world.remove(kind, tag)
        let lack = "nothing of 1-15 could take the place of istio-sidecar-injector yet"
        #expect(world.observe(step) == .unknown(lack))
    }

    @Test func `the answers have to hold only while a relapse would harm somebody`() throws {
        let step = try deactivation()
        var world = try World("60")
        world.cluster.append(try Fixture.sample("job-completed", in: "pods"))
        #expect(world.observe(step).word == "done")
        world.hasActed = true
        #expect(world.observe(step).word == "settling")
        world.hasActed = false
        world.cluster.append(try Fixture.sample("bare-pod", in: "pods"))
        #expect(world.observe(step).word == "settling")
        world.remove(kind, injector)
        #expect(world.observe(step).word == "done")
    }

    @Test func `an injector that changed since it was read is left as it is`() throws {
        var world = try World("40")
        let (there, back) = (try deactivation(), try reactivation())
        for (step, isOut) in [(there, false), (back, true)] {
            let commands = world.commands(step)
            #expect(commands.last?.purpose.hasSuffix("activate \(injector)") == true)
            var changed = world
            changed.edit(kind, injector) {
                $0[path: ["metadata", "resourceVersion"]] = "9999"
            }
            changed.run(commands)
            let webhooks = changed.object(kind, injector)?.items("webhooks") ?? []
            #expect(webhooks.contains(where: \.hasDeactivatedSelector) == isOut)
            world.run(commands)
        }
    }

    // MARK: - The way back

    @Test func `one webhook out of service is enough to put the injector back`() throws {
        var world = try World("40")
        world.run(world.commands(try deactivation()))
        let original = try World("40").object(kind, injector)?.items("webhooks") ?? []
        world.edit(kind, injector) { object in
            var webhooks = object.items("webhooks")
            for index in webhooks.indices.dropLast() { webhooks[index] = original[index] }
            object["webhooks"] = .array(webhooks)
        }
        let step = try reactivation()
        #expect(world.observe(step) == .notDone("istio-sidecar-injector is out of service"))
        world.run(world.commands(step))
        #expect(world.object(kind, injector)?.items("webhooks") == original)
    }

    @Test func `what somebody else took out of service stays so`() throws {
        let words = "istio-sidecar-injector is out of service, but not by us"
        #expect(try World("60").observe(reactivation()) == .done(words))
    }

    @Test func `new pods that go elsewhere than to the old revision are not back`() throws {
        let step = try reactivation()
        var world = try World("40")
        #expect(world.observe(step) == .done("new pods in 1 namespaces go to default"))
        try addThird(to: &world)
        let words = "a new pod in bookinfo would be injected by 1-13 1.14.5"
        #expect(world.observe(step) == .unknown(words))
    }
}
