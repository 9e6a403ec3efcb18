import FleetModel
import Testing

@testable import Takeovers

@Suite struct GlooTakeoverTests {
    private let deactivation = "deactivate-old-injector"

    @Test func `activation waits until the webhooks are well`() throws {
        var world = try World("30")
        world.remove("Service", "istiod-1-15", in: "istio-system")
        let step = try GlooRunbook.step("activate", of: "takeover")
        #expect(world.observe(step).word == "unknown")
    }

    @Test func `activation is not done before the tag points to the new revision`() throws {
        var world = try World("40")
        let step = try GlooRunbook.step("activate", of: "takeover")
        world.edit("MutatingWebhookConfiguration", "istio-revision-tag-default") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-14"
        }
        #expect(world.observe(step).word == "settling")
        world.remove("MutatingWebhookConfiguration", "istio-revision-tag-default")
        #expect(world.observe(step).word == "settling")
        world.remove("MutatingWebhookConfiguration", "istio-sidecar-injector")
        #expect(world.observe(step).word == "partial")
    }

    @Test func `a tag that stays where it was is told with what moves it, early and in the end`()
        throws
    {
        var world = try World("40")
        let (kind, name) = ("MutatingWebhookConfiguration", "istio-revision-tag-default")
        let tag = try #require(world.object(kind, name))
        world.edit(kind, name) { $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-14" }
        let step = try GlooRunbook.step("activate", of: "takeover")
        let item = "istio-revision-tag-default still points to 1-14"
        #expect(
            world.observe(step) == .settling(item: item, for: .seconds(60), fingerprint: ""))
        let move = "istioctl --context cluster-1 tag set default --revision 1-15 --overwrite"
        let (end, ran) = world.turn(step)
        #expect(ran.isEmpty)
        #expect(
            end.saying.hasPrefix(item) && end.saying.contains("`\(move)`, then resume"), "\(end)")
        world.edit(kind, name) { $0 = tag }
        #expect(world.turn(step).observation.word == "done")

        var fresh = try World("00")
        let preflight = try GlooRunbook.step("preflight", of: "prepare")
        #expect(!fresh.observe(preflight).saying.contains("P05"))
        var old = tag
        old[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        old = old.calling("istiod")
        fresh.cluster.append(old)
        let words = "P05 istio-revision-tag-default points to default: should Gloo leave it there"
        #expect(fresh.observe(preflight).saying.contains(words), "\(fresh.observe(preflight))")
    }

    @Test func `a tag that Gloo does not make is made in its place, after a while`() throws {
        var world = try World("40")
        let (kind, name) = ("MutatingWebhookConfiguration", "istio-revision-tag-default")
        world.remove(kind, name)
        let step = try GlooRunbook.step("activate", of: "takeover")
        let wait = Observation.settling(
            item: "Gloo makes no tag default", for: .seconds(60), fingerprint: "")
        #expect(world.observe(step) == wait)
        let (observation, commands) = world.turn(step)
        #expect(observation == .done("\(name) points to 1-15, as Gloo was told"))
        #expect(commands.withoutLease.map(\.purpose) == ["point the tag default to 1-15"])
        #expect(commands.last?.argv.contains("cluster-1") == true)
        let old = world.object(kind, "istio-sidecar-injector")?.items("webhooks") ?? []
        let ours = world.object(kind, name)?.items("webhooks") ?? []
        #expect(ours.map { $0["objectSelector"] } == old.map { $0["objectSelector"] })
        let flip = try GlooRunbook.step(deactivation, of: "takeover")
        #expect(world.turn(flip).observation == .done("new pods in 1 namespaces go to 1-15"))
    }

    @Test func `a default that moved without any tag is seen by what new pods get`() throws {
        var world = try World("40")
        let kind = "MutatingWebhookConfiguration"
        world.remove(kind, "istio-revision-tag-default")
        let old = world.object(kind, "istio-sidecar-injector")?.items("webhooks") ?? []
        world.edit(kind, "istio-sidecar-injector-1-15") { injector in
            let model = injector.items("webhooks")[0]
            injector["webhooks"] = .array(
                old.map { webhook in
                    var webhook = webhook
                    webhook["clientConfig"] = model["clientConfig"]
                    return webhook
                })
        }
        let words = "new pods in 1 namespaces go to 1-15"
        let step = try GlooRunbook.step("activate", of: "takeover")
        #expect(world.observe(step) == .done("\(words), as Gloo was told"))
        let check = try GlooRunbook.step("check-control-plane", of: "prepare")
        let already = "the control plane is whole; the new revision is the default already"
        #expect(world.observe(check) == .done(already))
        let flip = try GlooRunbook.step(deactivation, of: "takeover")
        #expect(world.turn(flip).observation == .done(words))
        let injector = world.object(kind, "istio-sidecar-injector")
        #expect(injector?.items("webhooks").allSatisfy(\.hasDeactivatedSelector) == true)
    }

    @Test(arguments: [false, true])
    func `roots of trust are looked at once more before new pods are led over`(
        relabels: Bool
    ) throws {
        var world = try World("30")
        var stranger = try Fixture.sample("b", in: "roots")
        stranger[path: ["metadata", "namespace"]] = "shop"
        var parameters: [String: JSON] = ["gateways": "none"]
        if relabels { parameters["namespaces"] = "relabel" }
        let step = try GlooRunbook.step(
            relabels ? "relabel-namespaces" : "activate", of: "takeover",
            in: .gloo(.gloo(parameters: parameters)))
        #expect(world.observe(step).word == "notDone")
        world.cluster.append(stranger)
        let words = "other roots of trust than in istio-system in shop"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `the old injector is deactivated in every webhook, and only then`() throws {
        var world = try World("40")
        let step = try GlooRunbook.step(deactivation, of: "takeover")
        world.run(world.commands(step))
        let injector = world.object("MutatingWebhookConfiguration", "istio-sidecar-injector")
        let webhooks = injector?.items("webhooks") ?? []
        #expect(webhooks.count == 4)
        for webhook in webhooks {
            #expect(webhook["namespaceSelector"] == InjectorConfiguration.deactivatedSelector)
            #expect(webhook["objectSelector"] == InjectorConfiguration.deactivatedSelector)
        }
        #expect(injector?.resourceVersion == "2653")
        #expect(world.observe(step).word == "settling")
    }

    @Test func `the answers of the probes must hold before workloads are restarted`() throws {
        var world = try World("40")
        let step = try GlooRunbook.step(deactivation, of: "takeover")
        world.run(world.commands(step))
        guard case .settling(let item, let duration, _) = world.observe(step) else {
            Issue.record("expected to hold")
            return
        }
        #expect(duration == .seconds(60))
        world.settled = [item]
        #expect(world.observe(step) == .done("new pods in 1 namespaces go to 1-15"))
    }

    @Test func `an old operator that turns its injector on again is answered`() throws {
        var world = try World("50")
        let active = try #require(
            try World("40").object("MutatingWebhookConfiguration", "istio-sidecar-injector"))
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") {
            $0["webhooks"] = active["webhooks"]
        }
        let step = try GlooRunbook.step(deactivation, of: "takeover")
        #expect(world.observe(step).word == "notDone")
    }

    @Test func `the old injector stays while nobody could take its place`() throws {
        var world = try World("40")
        world.remove("MutatingWebhookConfiguration", "istio-revision-tag-default")
        let step = try GlooRunbook.step(deactivation, of: "takeover")
        #expect(world.observe(step).word == "unknown")
    }

    @Test func `pods that cannot be created at all are waited out, not worked around`() throws {
        var world = try World("50")
        world.remove("Deployment", "istiod-1-15", in: "istio-system")
        for name in [deactivation, "restart-workloads"] {
            let step = try GlooRunbook.step(name, of: "takeover")
            if case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
            #expect(world.observe(step).word == "unknown", "\(name)")
        }
    }

    @Test func `pods that cannot be moved are named before anything is restarted`() throws {
        var world = try World("50")
        world.cluster.append(try Fixture.sample("bare-pod", in: "pods"))
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        #expect(world.observe(step).word == "failed blocked")
        let lenient = Takeover.gloo(parameters: ["gateways": "none", "allowLeftBehind": true])
        let other = try GlooRunbook.step(
            "restart-workloads", of: "takeover", in: .gloo(lenient))
        #expect(world.observe(other).word == "settling")
    }

    @Test func `what is left behind is said in the end`() throws {
        var world = try World("60")
        world.cluster.append(try Fixture.sample("bare-pod", in: "pods"))
        let lenient = Takeover.gloo(parameters: ["gateways": "none", "allowLeftBehind": true])
        let step = try GlooRunbook.step("restart-workloads", of: "takeover", in: .gloo(lenient))
        guard case .done(let words) = world.observe(step) else {
            Issue.record("expected to be done")
            return
        }
        #expect(words.contains("left behind: Pod"))
    }

    /// When what the scenario made last is not old yet.
    private let soonAfter = Timestamp(rfc3339: "2025-05-20T09:45:00Z") ?? .distantFuture

    @Test func `no second workload is restarted while one rolls`() throws {
        var world = try World("50")
        world.edit("Deployment", "ratings-v1", in: "bookinfo") {
            $0[path: ["status", "observedGeneration"]] = 0
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        world.now = soonAfter
        let words = "Deployment bookinfo/ratings-v1: the change has not been seen yet"
        #expect(world.observe(step) == .partial(words))
    }

    @Test func `a rollout that exceeded its deadline stops the cluster`() throws {
        var world = try World("50")
        let condition: JSON = ["type": "Progressing", "reason": "ProgressDeadlineExceeded"]
        world.edit("Deployment", "ratings-v1", in: "bookinfo") {
            $0[path: ["status", "conditions"]] = [condition]
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `a workload has not moved while its old pods are still ending`() throws {
        var world = try World("60")
        var old = try #require(
            try World("40").cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("details-v1")
            })
        old[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        let reference: JSON = ["kind": "Deployment", "name": "details-v1", "controller": true]
        old[path: ["metadata", "ownerReferences"]] = [reference]
        world.cluster.append(old)
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        world.now = soonAfter
        let words = "Deployment bookinfo/details-v1: 1 old pods are still ending"
        #expect(world.observe(step) == .partial(words))
    }

    @Test func `a pod whose ReplicaSet is newer than what was read is looked at again`() throws {
        var world = try World("50")
        world.cluster.removeAll { $0["kind"] == "ReplicaSet" && $0.name.hasPrefix("productpage") }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        #expect(world.observe(step).word == "unknown")
    }

    @Test func `what moved must hold still, and a restarted container starts the time anew`() throws
    {
        var world = try World("50")
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        guard case .settling(let item, let duration, let before) = world.observe(step) else {
            Issue.record("expected to settle")
            return
        }
        #expect(duration == .seconds(20))
        world.edit("Pod", "details-v1-rlsfrqq9j-lgd5t", in: "bookinfo") {
            $0[path: ["status", "containerStatuses"]] = [["restartCount": 2]]
        }
        let fingerprint = "details-v1-rlsfrqq9j-lgd5t=2"
        #expect(before != fingerprint)
        #expect(
            world.observe(step)
                == .settling(item: item, for: duration, fingerprint: fingerprint))
    }

    @Test(arguments: [false, true])
    func `a workload that lost its sidecars is an alarm`(mayOthersStay: Bool) throws {
        var world = try World("60")
        let moved = [
            "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt",
        ]
        world.edit("Deployment", "details-v1", in: "bookinfo") { $0[path: moved] = "now" }
        world.edit("Pod", "details-v1-rlsfrqq9j-lgd5t", in: "bookinfo") {
            $0[path: ["metadata", "annotations"]] = [:]
            $0[path: ["spec", "containers"]] = [["name": "details"]]
        }
        let parameters: [String: JSON] = ["allowLeftBehind": .bool(mayOthersStay)]
        let step = try GlooRunbook.step(
            "restart-workloads", of: "takeover", in: .gloo(.gloo(parameters: parameters)))
        let words =
            "came back without a sidecar: Deployment bookinfo/details-v1; name in `waived` what is "
            + "meant to have none"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
        // Whoever says so itself has lost nothing; any word but a yes is a no.
        world.edit("Pod", "details-v1-rlsfrqq9j-lgd5t", in: "bookinfo") {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/inject"]] = "disabled"
        }
        #expect(world.observe(step).word == "done")
    }

    @Test func `workloads of a third revision are somebody else's`() throws {
        var world = try World("60")
        world.edit("Pod", "details-v1-rlsfrqq9j-lgd5t", in: "bookinfo") {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"1-13"}"#
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        #expect(world.observe(step).saying.hasPrefix("4 workloads are on 1-15 1.15.3-solo "))
    }
}
