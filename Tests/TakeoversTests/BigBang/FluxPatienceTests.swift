import FleetModel
import Testing

@testable import Takeovers

/// What is waited for that Flux was asked for, and what is not taken for an answer.
@Suite struct FluxPatienceTests {
    // MARK: - A second chance

    @Test func `a release gets one more chance, though others have asked Flux for more since`()
        throws
    {
        var world = try World(bigBang: "254/50")
        let step = try BigBangRunbook.step("gateways-up")
        world.stall("public-ingressgateway")
        #expect(world.observe(step).word == "notDone")
        world.edit("HelmRelease", "public-ingressgateway", in: "bigbang") {
            $0[path: ["status", "lastHandledForceAt"]] = "7F3K-again-gateways"
            $0[path: ["metadata", "annotations", FluxRequest.forceAnnotation]] = "by hand"
        }
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `a release of an older Flux is given up by its message alone`() throws {
        var world = try World(bigBang: "254/50")
        let step = try BigBangRunbook.step("gateways-up")
        for (words, word) in [
            ("upgrade retries exhausted", "notDone"), ("bad values", "failed terminal"),
        ] {
            world.edit("HelmRelease", "public-ingressgateway", in: "bigbang") {
                $0[path: ["status", "conditions"]] = [
                    ["type": "Ready", "status": "False", "message": .string(words)]
                ]
            }
            #expect(world.observe(step).word == word, "\(words)")
        }
    }

    @Test func `only the release that Flux gave up is forced once more`() throws {
        var world = try World(bigBang: "254/50")
        var second = try #require(
            world.object("HelmRelease", "public-ingressgateway", in: "bigbang"))
        second[path: ["metadata", "name"]] = "second-ingressgateway"
        world.cluster.append(second)
        world.stall("public-ingressgateway")
        let commands = world.commands(try BigBangRunbook.step("gateways-up")).withoutLease
        #expect(commands.map(\.purpose) == ["force HelmRelease public-ingressgateway"])
    }

    // MARK: - Two looks

    private let look = SecondLook(bigBang: BigBangSituation(.bigBang()))

    private func release(asked token: String, _ change: (inout JSON) -> Void) throws -> HelmRelease
    {
        var object = try Fixture.sample("hr-istiod-ready", in: "flux")
        object[path: ["metadata", "annotations", FluxRequest.annotation]] = .string(token)
        object[path: ["status", "lastHandledReconcileAt"]] = .string(token)
        change(&object)
        return HelmRelease(object)
    }

    @Test(arguments: ["7F3K-first", "7F3K-second-unchanged-since-v1"])
    func `a look of Flux is over when it was handled, and failed when the release did`(
        token: String
    ) throws {
        let unhandled = try release(asked: token) {
            $0[path: ["status", "lastHandledReconcileAt"]] = "before"
        }
        guard case .waiting = look.progress(of: unhandled) else {
            Issue.record("\(look.progress(of: unhandled))")
            return
        }
        let stalled = try release(asked: token) {
            $0[path: ["status", "conditions"]] = [
                ["type": "Stalled", "status": "True", "message": "no more"]
            ]
        }
        #expect(
            look.progress(of: stalled)
                == .failed("HelmRelease istiod is failed for good: no more"))
    }

    @Test func `a second look is asked for at the revision that the release has`() throws {
        let upgraded = try release(asked: "7F3K-first") {
            $0[path: ["status", "history"]] = [
                ["version": 4, "status": "deployed", "chartVersion": "1"]
            ]
        }
        #expect(
            look.progress(of: upgraded)
                == .toAsk(FluxRequest(token: "7F3K-second-unchanged-since-v4")))
    }

    @Test func `nobody is done while one release is still looked at or has failed`() throws {
        var world = try World(bigBang: "254/60")
        let step = try BigBangRunbook.step("reconcile-twice")
        let names = world.cluster.filter { $0["kind"] == "HelmRelease" }.map(\.name)
        for name in names {
            world.edit("HelmRelease", name, in: "bigbang") {
                let number = HelmRelease($0).latest?.number ?? 0
                let token = JSON.string("7F3K-second-unchanged-since-v\(number)")
                $0[path: ["metadata", "annotations", FluxRequest.annotation]] = token
                $0[path: ["status", "lastHandledReconcileAt"]] = token
            }
        }
        #expect(
            world.observe(step)
                == .done("Flux looked twice at \(names.count) releases and changed nothing"))
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["status", "lastHandledReconcileAt"]] = "before"
        }
        #expect(world.observe(step).word == "partial")
        world.stall("istiod")
        #expect(world.observe(step).word == "failed terminal")
    }

    // MARK: - Before anything changes

    @Test func `sources come first, then the parent, and all have to have been handled`() throws {
        var world = try World(bigBang: "254/00")
        let step = try BigBangRunbook.step("reconcile-releases")
        #expect(
            world.commands(step).withoutLease.map(\.purpose) == [
                "reconcile GitRepository bigbang"
            ])
        world.run(world.commands(step))
        #expect(world.observe(step).word == "partial", "the source was not fetched yet")
        world.edit("GitRepository", "bigbang", in: "bigbang") {
            $0[path: ["metadata", "generation"]] = 1
            $0["status"] = [
                "observedGeneration": 1, "artifact": ["revision": "main"],
                "conditions": [["type": "Ready", "status": "True"]],
            ]
        }
        world.flux(handles: "7F3K-baseline")
        let commands = world.commands(step).withoutLease
        #expect(commands.first?.purpose == "reconcile HelmRelease bigbang")
        #expect(commands.count == 3)
        world.run(commands)
        #expect(world.observe(step).word == "partial", "nothing was handled yet")
        world.flux(handles: "7F3K-baseline")
        #expect(
            world.observe(step) == .done("Flux has looked at 3 releases, and all are ready"))
        var waiting = world
        waiting.edit("HelmRelease", "istio", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Reconciling", "status": "True"],
                ["type": "Ready", "status": "Unknown", "message": "busy"],
            ]
        }
        #expect(waiting.observe(step) == .partial("HelmRelease istio is waiting: busy"))
        world.stall("istio")
        #expect(world.observe(step).word == "failed terminal")
    }

    // MARK: - Hooks

    private static let hook = Situation.bigBang([
        "delivery": "hook", "hook": ["/opt/deliver"], "allowSkew": true,
    ])

    private func hooked() throws -> (World, Step) {
        var world = try World(bigBang: "254/00")
        world.cluster.append([
            "kind": "GitRepository",
            "metadata": ["name": "environment-repo", "namespace": "bigbang", "generation": 1],
            "status": [
                "observedGeneration": 1, "artifact": ["revision": "old"],
                "conditions": [["type": "Ready", "status": "True"]],
            ],
        ])
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["status", "lastAppliedRevision"]] = "old"
        }
        return (world, try BigBangRunbook.step("step-1-values", in: Self.hook))
    }

    @Test func `what others asked the repository for is not what the hook pushed`() throws {
        var (world, step) = try hooked()
        world.hasActed = true
        world.edit("GitRepository", "environment-repo", in: "bigbang") {
            $0[path: ["metadata", "annotations", FluxRequest.annotation]] = "7F3K-step-2-from-old"
            $0[path: ["status", "lastHandledReconcileAt"]] = "7F3K-step-2-from-old"
        }
        #expect(world.observe(step) == .notDone("the values of step-1 have not been delivered"))
    }

    @Test func `a hook is held to nothing before Flux has fetched and applied what it pushed`()
        throws
    {
        var (world, step) = try hooked()
        world.run(world.commands(step))
        world.hasActed = true
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["status", "lastHandledReconcileAt"]] = "7F3K-step-1-from-old"
        }
        #expect(
            world.observe(step)
                == .partial(
                    "GitRepository bigbang/environment-repo is waiting: the request has not been "
                        + "handled yet"))
        world.flux(handles: "7F3K-step-1-from-old")
        #expect(world.observe(step).word == "settling")
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Reconciling", "status": "True"],
                ["type": "Ready", "status": "Unknown", "message": "busy"],
            ]
        }
        #expect(
            world.observe(step)
                == .partial("Kustomization bigbang/environment is waiting: busy"))
    }
}
