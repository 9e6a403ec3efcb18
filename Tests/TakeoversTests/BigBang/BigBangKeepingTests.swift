import FleetModel
import Testing

@testable import Takeovers

/// What is kept of the old mesh, and what becomes of that in the end.
@Suite struct BigBangKeepingTests {
    // MARK: - The baseline

    private func saved(_ world: World) throws -> Baseline {
        var world = world
        world.run(world.commands(try BigBangRunbook.step("save-baseline")))
        let map = try #require(world.object("ConfigMap", Baseline.name, in: "bigbang"))
        let text = try #require(map[path: ["data", "baseline"]]?.string)
        return Baseline(document: try #require(JSON(parsing: text)))
    }

    @Test func `a baseline is saved as the cluster is now, and once more when it has changed`()
        throws
    {
        var world = try World(bigBang: "254/00")
        let step = try BigBangRunbook.step("save-baseline")
        world.run(world.commands(step))
        #expect(world.observe(step).word == "done")
        world.edit("Service", "public-ingressgateway", in: "istio-system") {
            $0[path: ["status", "loadBalancer", "ingress"]] = [["ip": "10.9.9.9"]]
        }
        #expect(world.observe(step).word == "notDone")
    }

    @Test func `it has what could be applied once more, and who was bare before`() throws {
        var world = try World(bigBang: "254/00")
        for index in world.cluster.indices
        where world.cluster[index]["kind"] == "Pod"
            && world.cluster[index].name.hasPrefix("ratings-v1")
        {
            world.cluster[index] = try #require(world.cluster[index].withoutProxy)
        }
        let gateway: JSON = [
            "kind": "Gateway",
            "metadata": [
                "name": "public", "namespace": "istio-system", "labels": ["kept": "yes"],
                "uid": "1",
            ],
            "spec": ["selector": ["istio": "ingressgateway"]],
        ]
        var other = gateway
        other[path: ["metadata", "namespace"]] = "shop"
        world.cluster.removeAll { $0["kind"] == "Gateway" }
        world.cluster += [gateway, other]
        let baseline = try saved(world)
        #expect(baseline.bare == ["Deployment bookinfo/ratings-v1"])
        #expect(
            baseline.objects(of: "Gateway") == [
                [
                    "apiVersion": "networking.istio.io/v1beta1", "kind": "Gateway",
                    "metadata": [
                        "name": "public", "namespace": "istio-system", "labels": ["kept": "yes"],
                    ],
                    "spec": ["selector": ["istio": "ingressgateway"]],
                ]
            ])
        #expect(baseline.objects(of: "Service").map(\.name) == ["public-ingressgateway"])
        #expect(baseline.addresses.keys.sorted() == ["public-ingressgateway"])
    }

    // MARK: - mTLS

    private func authentication(_ name: String, _ mode: String, since: String, in space: String)
        -> JSON
    {
        [
            "metadata": [
                "name": .string(name), "namespace": .string(space),
                "creationTimestamp": .string(since),
            ],
            "spec": ["mtls": ["mode": .string(mode)]],
        ]
    }

    @Test func `the oldest for the whole mesh counts, unless it is on its way out`() {
        let shop = authentication("shop", "STRICT", since: "2020-01-01T00:00:00Z", in: "shop")
        let young = authentication(
            "a", "STRICT", since: "2025-01-01T00:00:00Z", in: "istio-system")
        var old = authentication(
            "b", "PERMISSIVE", since: "2024-01-01T00:00:00Z", in: "istio-system")
        #expect(!MeshEncryption([shop]).isStrict)
        #expect(MeshEncryption([shop, young]).isStrict)
        #expect(!MeshEncryption([shop, young, old]).isStrict)
        old[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        #expect(MeshEncryption([young, old]).isStrict)
    }

    // MARK: - Roots and addresses

    @Test func `one root of several that went is told`() throws {
        let change = try #require(
            TrustChange(from: ["istio-system": ["a", "b"]], to: ["istio-system": ["a"]]))
        #expect(change.lost == ["b"] && change.come.isEmpty)
    }

    @Test func `a gateway that keeps its address needs no other record`() throws {
        var world = try World(bigBang: "254/50")
        let address = try #require(
            world.object("Service", "public-ingressgateway", in: "istio-gateway")?
                .loadBalancerAddress)
        world.keep(Baseline(addresses: ["public-ingressgateway": address]))
        #expect(world.observe(try BigBangRunbook.step("publish-addresses")).word == "done")
    }

    @Test func `what whoever makes load balancers says at length is cut`() {
        let list: JSON = [
            "items": [
                ["type": "Warning", "message": .string(String(repeating: "a", count: 1_000))]
            ]
        ]
        #expect(ServiceEvents.latestWarning(list) == String(repeating: "a", count: 300) + "…")
    }

    // MARK: - Routes

    @Test func `every route is given its gateways, and what was given before stays noted`() throws {
        var world = try World(bigBang: "254/00")
        for name in ["cart", "till"] {
            world.cluster.append([
                "kind": "VirtualService",
                "metadata": [
                    "namespace": "shop", "name": .string(name), "resourceVersion": "1",
                ],
                "spec": ["gateways": ["istio-system/public"]],
            ])
        }
        let step = try BigBangRunbook.step("prepare-routes")
        world.run(world.commands(step))
        #expect(world.observe(step) == .done("3 VirtualServices name the new gateways"))
        world.edit("VirtualService", "cart", in: "shop") {
            let gateways = $0.spec.items("gateways") + ["istio-system/admin"]
            $0[path: ["spec", "gateways"]] = .array(gateways)
        }
        world.run(world.commands(step))
        let cart = try #require(world.object("VirtualService", "cart", in: "shop"))
        #expect(
            RouteNote(on: cart)?.gateways == [
                "istio-gateway/public-ingressgateway", "istio-gateway/admin-ingressgateway",
            ])
    }

    // MARK: - What is left over

    @Test func `only load balancers of the old mesh are removed, each once`() throws {
        var world = try World(bigBang: "254/51")
        let orphan = try #require(
            world.object("Service", "public-ingressgateway", in: "istio-system"))
        for (space, name) in [("shop", "own"), ("istio-system", "second")] {
            var copy = orphan
            copy[path: ["metadata", "namespace"]] = .string(space)
            copy[path: ["metadata", "name"]] = .string(name)
            world.cluster.append(copy)
        }
        let step = try BigBangRunbook.step("remove-orphans", in: .bigBang(["orphans": "delete"]))
        #expect(
            world.commands(step).withoutLease.map(\.purpose) == [
                "remove the load balancer public-ingressgateway, which leads to nobody",
                "remove the load balancer second, which leads to nobody",
            ])
        world.edit("Service", "second", in: "istio-system") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        }
        #expect(world.observe(step).word == "notDone")
        #expect(
            world.commands(step).withoutLease.map(\.purpose) == [
                "remove the load balancer public-ingressgateway, which leads to nobody"
            ])
        world.edit("Service", "public-ingressgateway", in: "istio-system") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        }
        #expect(world.observe(step).word == "partial")
    }

    // MARK: - The end

    private static let finished = Situation.bigBang(["valuesInGit": true, "finishHold": "10m"])

    @Test func `git rules again when its Kustomization is through`()
        throws
    {
        var world = try World(bigBang: "254/60")
        let step = try BigBangRunbook.step("finish", in: Self.finished)
        #expect(world.observe(step).word == "done")
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Reconciling", "status": "True"],
                ["type": "Ready", "status": "Unknown", "message": "busy"],
            ]
        }
        #expect(
            world.observe(step) == .partial("Kustomization bigbang/environment is waiting: busy"))
    }

    @Test func `our values are removed when nobody names them any more, and not before`() throws {
        var world = try World(bigBang: "254/60")
        world.cluster.append([
            "kind": "ConfigMap",
            "metadata": ["name": .string(ValuesDelivery.overlayName), "namespace": "bigbang"],
        ])
        let step = try BigBangRunbook.step("finish", in: Self.finished)
        world.settled = ["git rules again"]
        let entry: JSON = ["kind": "ConfigMap", "name": .string(ValuesDelivery.overlayName)]
        var named = world
        named.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "valuesFrom"]] = [entry]
        }
        #expect(named.observe(step).word == "done")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "valuesFrom"]] = nil
        }
        #expect(world.observe(step) == .notDone("our values are laid over nothing"))
        #expect(world.commands(step).last?.argv.contains(ValuesDelivery.overlayName) == true)
    }

    @Test func `an old mesh that is not well is nothing to go back to`() throws {
        var world = try World(bigBang: "254/00")
        world.edit("HelmRelease", "istio", in: "bigbang") { $0[path: ["spec", "suspend"]] = true }
        let steps = BigBangRunbook.steps(of: RunbookOutline.rollbackPhase, in: .bigBang())
        let step = try #require(steps.first)
        #expect(
            world.observe(step)
                == .failed(
                    Failure(
                        .blocked, "the old mesh is not well: HelmRelease istio is suspended")))
    }
}
