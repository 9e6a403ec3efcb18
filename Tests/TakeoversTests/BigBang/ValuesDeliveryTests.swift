import FleetModel
import Testing

@testable import Takeovers

/// When our values count as delivered, and that they lie over those of git.
@Suite struct ValuesDeliveryTests {
    private let step: Step

    init() throws { step = try BigBangRunbook.step("step-1-values") }

    /// Delivered, and not yet followed.
    private func delivered() throws -> World {
        var world = try World(bigBang: "254/00")
        world.run(world.commands(step))
        return world
    }

    private static let undelivered = Observation.notDone(
        "the values of step-1 have not been delivered")

    @Test func `they count when git's hand is held, ours are the last and Flux was asked`() throws {
        let world = try delivered()
        #expect(world.observe(step).word == "partial", "\(world.observe(step))")
        var loose = world
        loose.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = nil
        }
        #expect(loose.observe(step) == Self.undelivered)
        var other = world
        other.edit("ConfigMap", ValuesDelivery.overlayName, in: "bigbang") {
            $0[path: ["data", "values.yaml"]] = "{}"
        }
        #expect(other.observe(step) == Self.undelivered)
        var covered = world
        covered.edit("HelmRelease", "bigbang", in: "bigbang") {
            let last: JSON = ["kind": "Secret", "name": "late"]
            $0[path: ["spec", "valuesFrom"]] = .array($0.spec.items("valuesFrom") + [last])
        }
        #expect(covered.observe(step) == Self.undelivered)
        var untold = world
        untold.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["metadata", "annotations", FluxRequest.annotation]] = "by hand"
        }
        #expect(untold.observe(step) == Self.undelivered)
    }

    @Test func `what somebody laid over ours is passed, and ours named once`() throws {
        var world = try delivered()
        let last: JSON = ["kind": "Secret", "name": "late"]
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "valuesFrom"]] = .array($0.spec.items("valuesFrom") + [last])
        }
        world.run(world.commands(step))
        let sources = try #require(world.object("HelmRelease", "bigbang", in: "bigbang"))
            .spec.items("valuesFrom").compactMap { $0["name"]?.string }
        #expect(sources.suffix(2) == ["late", ValuesDelivery.overlayName])
        #expect(sources.count { $0 == ValuesDelivery.overlayName } == 1)
    }

    @Test func `the Kustomization that writes the parent is told by name and namespace`() throws {
        var world = try World(bigBang: "254/00")
        let own = try #require(world.object("Kustomization", "environment", in: "bigbang"))
        var other = own
        other[path: ["metadata", "namespace"]] = "another"
        world.cluster.removeAll { $0["kind"] == "Kustomization" }
        world.cluster += [other, own]
        let suspension = try #require(
            world.commands(step).first { $0.purpose == "suspend environment" })
        #expect(suspension.argv.contains("bigbang") && !suspension.argv.contains("another"))
    }

    @Test func `its repository is told by name and namespace, too`() throws {
        var world = try World(bigBang: "254/00")
        world.cluster.append([
            "kind": "GitRepository",
            "metadata": ["name": "environment-repo", "namespace": "another"],
        ])
        let situation = Situation.bigBang([
            "delivery": "hook", "hook": ["/opt/deliver"], "allowSkew": true,
        ])
        #expect(
            world.observe(try BigBangRunbook.step("step-1-values", in: situation))
                == .failed(Failure(.terminal, "no GitRepository feeds the parent release")))
    }

    @Test func `each step shows how its values are taken back`() throws {
        func values(_ name: String) throws -> JSON? {
            let command = try #require(
                try BigBangRunbook.step(name).preview.compensation.first)
            return command.stdin.flatMap { JSON(parsing: $0) }?[path: ["data", "values.yaml"]]?
                .string.flatMap { JSON(parsing: $0) }
        }
        let first = try #require(try values("step-1-values"))
        #expect(first["istio"] == ["enabled": true] && first["istiod"] == ["enabled": false])
        #expect(
            try values("step-2-values") == ValuesStage.one.values(.crdsAndIstiod))
        let hook = Situation.bigBang(["delivery": "hook", "hook": ["/opt/deliver"]])
        #expect(try BigBangRunbook.step("step-1-values", in: hook).preview.compensation.isEmpty)
    }

    // MARK: - Requests

    @Test func `a request is made as flux makes it, over whatever was asked for before`() {
        let request = FluxRequest(token: "t", forces: true, resets: true)
        let kubectl = Kubectl(cluster: Cluster("c"))
        let command = request.command(.helmRelease, "istiod", in: "bigbang", kubectl)
        #expect(
            command.argv.suffix(8) == [
                "-n", "bigbang", "annotate", "--overwrite",
                "helmreleases.helm.toolkit.fluxcd.io/istiod", "reconcile.fluxcd.io/requestedAt=t",
                "reconcile.fluxcd.io/forceAt=t", "reconcile.fluxcd.io/resetAt=t",
            ])
        let plain = FluxRequest(token: "t").command(.helmRelease, "istiod", in: "bigbang", kubectl)
        #expect(plain.argv.suffix(1) == ["reconcile.fluxcd.io/requestedAt=t"])
    }

    @Test func `what is deployed is the last that did not fail`() throws {
        var object = try Fixture.sample("hr-istiod-ready", in: "flux")
        object[path: ["status", "history"]] = [
            ["version": 3, "status": "failed", "chartVersion": "2.0.0"],
            ["version": 2, "status": "deployed", "chartVersion": "1.0.0"],
        ]
        let release = HelmRelease(object)
        #expect(release.deployed?.chartVersion == "1.0.0")
        #expect(release.latest?.chartVersion == "2.0.0")
    }

    // MARK: - Where charts come from

    @Test func `a release's source is found by its kind, its namespace and its name`() throws {
        var world = try World(bigBang: "254/60")
        let step = try BigBangRunbook.step("reconcile-twice")
        world.cluster.removeAll { $0["kind"] == "GitRepository" }
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["spec", "chart"]] = nil
            $0[path: ["spec", "chartRef"]] = [
                "kind": "OCIRepository", "name": "istiod", "namespace": "charts",
            ]
        }
        for space in ["bigbang", "charts"] {
            world.cluster.append([
                "kind": "OCIRepository",
                "metadata": ["name": "istiod", "namespace": .string(space)],
            ])
        }
        #expect(
            world.observe(step) == .notDone("Flux is to fetch OCIRepository charts/istiod"))
    }
}
