import FleetModel
import Testing

@testable import Takeovers

/// What single steps do about the traps of the way.
@Suite struct BigBangStepTests {
    @Test func `from step 1 until the gateways are back a cluster is never left`() {
        let steps = BigBangRunbook.outline(for: .bigBang()).phases[1].steps
        let unit = steps.filter { !$0.endsAtSafePoint }.map(\.name)
        #expect(
            unit == [
                "step-1-values", "old-gone", "new-control-plane", "find-bare-workloads",
                "step-2-values",
            ])
        #expect(steps.first { $0.name == "gateways-up" }?.interrupt == .finishOrRollBack)
        #expect(steps.first { $0.name == "restart-workloads" }?.interrupt == .betweenItems)
    }

    // MARK: - Values

    @Test func `an override suspends git's hand, lays values over the others and asks Flux`()
        throws
    {
        let world = try World(bigBang: "254/00")
        let commands = world.commands(try BigBangRunbook.step("step-1-values"))
        #expect(
            commands.map(\.purpose).suffix(4) == [
                "suspend environment", "write the values of step-1",
                "lay our values over the others",
                "reconcile HelmRelease bigbang",
            ])
        let map = try #require(commands.suffix(3).first?.stdin.flatMap { JSON(parsing: $0) })
        let values = map[path: ["data", "values.yaml"]]?.string.flatMap { JSON(parsing: $0) }
        #expect(
            values == [
                "istioOperator": ["enabled": true], "istio": ["enabled": false],
                "istioGateway": ["enabled": false], "istioCRDs": ["enabled": true],
                "istiod": ["enabled": true],
            ])
        #expect(commands.last?.argv.last == "reconcile.fluxcd.io/requestedAt=7F3K-step-1")
    }

    @Test func `2_50 has one package for the new control plane`() {
        let values = ValuesStage.two.values(.core)
        #expect(
            values == [
                "istioOperator": ["enabled": false], "istio": ["enabled": false],
                "istioGateway": ["enabled": true], "istioCore": ["enabled": true],
            ])
    }

    @Test func `a hook runs here, is told cluster and stage, and reads the values`() throws {
        var world = try World(bigBang: "254/00")
        world.cluster.append([
            "kind": "GitRepository",
            "metadata": ["name": "environment-repo", "namespace": "bigbang"],
        ])
        let parameters: [String: JSON] = [
            "delivery": "hook", "hook": ["/opt/deliver", "--quiet"], "allowSkew": true,
        ]
        let commands = world.commands(
            try BigBangRunbook.step("step-1-values", in: .bigBang(parameters)))
        let hook = try #require(commands.first { $0.argv.first == "/opt/deliver" })
        #expect(hook.argv == ["/opt/deliver", "--quiet", "cluster-1", "step-1"])
        #expect(hook.place == .local && hook.isMutating)
        #expect(hook.stdin == ValuesStage.one.values(.crdsAndIstiod).description)
    }

    @Test func `charts from a Helm repository have the gateways' named, in 2_54`() throws {
        var world = try World(bigBang: "254/00")
        world.edit("HelmRelease", "istio", in: "bigbang") {
            $0[path: ["spec", "chart", "spec", "sourceRef", "kind"]] = "HelmRepository"
        }
        let first = world.commands(try BigBangRunbook.step("step-1-values"))
        let map = try #require(first.suffix(3).first?.stdin.flatMap { JSON(parsing: $0) })
        let values = map[path: ["data", "values.yaml"]]?.string.flatMap { JSON(parsing: $0) }
        #expect(
            values?["istioGateway"] == ["enabled": false, "helmRepo": ["chartName": "gateway"]])
    }

    @Test func `inline values would beat ours, which is told`() throws {
        var world = try World(bigBang: "254/00")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "values", "istio", "enabled"]] = true
        }
        #expect(try world.reason("step-1-values").contains("spec.values of HelmRelease bigbang"))
    }

    @Test func `nothing is switched off while no operator could clean up`() throws {
        var world = try World(bigBang: "254/00")
        world.edit("Deployment", "istio-operator", in: "istio-operator") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        #expect(
            try world.reason("step-1-values")
                == "no istio-operator runs in istio-operator: without it the finalizer of the "
                + "IstioOperator would stay for ever")
    }

    @Test func `a finalizer that nobody clears is told after a while`() throws {
        var world = try World(bigBang: "254/10")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 1, "status": "deployed", "chartVersion": "2.54.0"]
            ]
        }
        let step = try BigBangRunbook.step("old-gone")
        #expect(
            world.observe(step).saying
                == "IstioOperator istio-system/istiocontrolplane is being removed")
        world.edit("Deployment", "istio-operator", in: "istio-operator") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("an operator may only be moving to another node")
            return
        }
        world.settled = [item]
        #expect(world.observe(step).word == "failed terminal")
        #expect(item.contains("can't go: no istio-operator runs in istio-operator"))
    }

    // MARK: - The new control plane

    @Test func `what Helm adopted and the operator pruned is forced once, and once only`() throws {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("new-control-plane")
        world.remove("ServiceAccount", "istiod", in: "istio-system")
        #expect(world.observe(step).saying.hasPrefix("ServiceAccount istiod missing, although"))
        world.run(world.commands(step))
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-force")
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("what is missing may only have been read too early")
            return
        }
        world.settled = [item]
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `where nothing is missing an upgrade is forced all the same, by one run only`()
        throws
    {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("new-control-plane")
        #expect(
            world.observe(step)
                == .notDone("what the operator took away behind Helm's back is to be put right"))
        let commands = world.commands(step)
        #expect(
            commands.suffix(2).map { $0.argv.suffix(4).first ?? "" } == [
                "helmreleases.helm.toolkit.fluxcd.io/istio-crds",
                "helmreleases.helm.toolkit.fluxcd.io/istiod",
            ])
        // Killed between the two, it asks for the second with the same token.
        world.run(Array(commands.dropLast()))
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-force")
        #expect(world.observe(step).word == "notDone")
        #expect(world.commands(step).withoutLease == Array(commands.suffix(2)))
        world.run(commands)
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-force")
        #expect(world.observe(step).word == "done")
        // Another run, after others have asked Flux for other things.
        for name in ["istio-crds", "istiod"] {
            world.edit("HelmRelease", name, in: "bigbang") {
                $0[path: ["metadata", "annotations", FluxRequest.annotation]] = "by hand"
                $0[path: ["status", "lastHandledForceAt"]] = "OTHER-force"
            }
        }
        #expect(world.observe(step).word == "done")
    }

    @Test func `what istiod can do without is told when it is gone, and keeps no gateway away`()
        throws
    {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("new-control-plane")
        world.run(world.commands(step))
        world.flux(handles: "7F3K-force")
        #expect(!world.observe(step).saying.contains("not there"))
        world.remove("ServiceAccount", "istio-reader-service-account", in: "istio-system")
        let observation = world.observe(step)
        #expect(observation.word == "done")
        #expect(
            observation.saying.hasSuffix(
                "; not there, nor needed by it: ServiceAccount istio-reader-service-account"))
    }

    // MARK: - Releases that Flux has given up

    @Test func `a parent that Flux has given up gets one more try, then Helm's words`() throws {
        var world = try World(bigBang: "254/00")
        let step = try BigBangRunbook.step("step-1-values")
        world.run(world.commands(step))
        world.flux(handles: "7F3K-step-1")
        world.stall("bigbang")
        #expect(world.observe(step).word == "notDone")
        let again = world.commands(step).withoutLease
        #expect(again.map(\.purpose) == ["force HelmRelease bigbang"])
        #expect(again.first?.argv.last == "reconcile.fluxcd.io/resetAt=7F3K-again-step-1")
        world.run(again)
        // Flux has not begun yet: what it says is of before.
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-again-step-1")
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.contains("Failed to upgrade after 4 attempt(s)"))
    }

    @Test func `so does a gateway's release`() throws {
        var world = try World(bigBang: "254/50")
        let step = try BigBangRunbook.step("gateways-up")
        world.stall("public-ingressgateway")
        #expect(world.observe(step).word == "notDone")
        world.run(world.commands(step))
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-again-gateways")
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.contains("Failed to upgrade after 4 attempt(s)"))
    }

    @Test func `definitions that went are told with what went with them`() throws {
        var world = try World(bigBang: "254/30")
        world.keep(Baseline(resources: ["wasmplugins"]))
        world.run(world.commands(try BigBangRunbook.step("new-control-plane")))
        world.flux(handles: "7F3K-force")
        #expect(
            try world.reason("new-control-plane").hasPrefix(
                "the API server no longer knows Istio's wasmplugins"))
    }

    @Test func `a release that fails for good is forced once, then told in Helm's words`() throws {
        var world = try World(bigBang: "254/30")
        let words = "Failed to upgrade after 4 attempt(s)"
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "Stalled", "status": "True", "reason": "RetriesExceeded",
                    "message": .string(words),
                ]
            ]
        }
        let step = try BigBangRunbook.step("new-control-plane")
        #expect(world.observe(step) == .notDone("HelmRelease istiod is failed for good: \(words)"))
        world.run(world.commands(step))
        // Flux has not begun yet: what it says is of before.
        #expect(world.observe(step).word == "partial")
        world.flux(handles: "7F3K-force")
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.contains(words))
    }

    @Test func `an install that is tried again and again is waited for, with its words`() throws {
        var world = try World(bigBang: "254/30")
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0["status"] =
                (try? Fixture.sample("hr-istiod-install-failed-retrying", in: "flux"))?[
                    "status"]
        }
        let observation = world.observe(try BigBangRunbook.step("new-control-plane"))
        #expect(observation.word == "partial")
        #expect(observation.saying.contains("context deadline exceeded"))
    }
}
