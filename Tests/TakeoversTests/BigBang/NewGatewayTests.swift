import FleetModel
import Testing

@testable import Takeovers

/// What the new gateways have to have before the cluster counts as served again.
@Suite struct NewGatewayTests {
    private let step: Step

    init() throws { step = try BigBangRunbook.step("gateways-up") }

    // MARK: - What runs

    @Test func `a gateway is up with its pods, its address and its release`() throws {
        var world = try World(bigBang: "254/50")
        #expect(world.observe(step).word == "done")
        world.edit("Deployment", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["status", "availableReplicas"]] = 0
            $0[path: ["status", "updatedReplicas"]] = 0
        }
        #expect(world.observe(step).word == "partial")
        #expect(
            world.observe(step).saying.hasPrefix("Deployment istio-gateway/public-ingressgateway: ")
        )
        world = try World(bigBang: "254/50")
        world.edit("Service", "public-ingressgateway", in: "istio-gateway") { $0["status"] = nil }
        #expect(
            world.observe(step)
                == .partial(
                    "Service istio-gateway/public-ingressgateway has no address yet: see whether a "
                        + "load balancer may be made"))
        world = try World(bigBang: "254/50")
        world.edit("HelmRelease", "public-ingressgateway", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Ready", "status": "Unknown", "message": "Running 'upgrade' action"],
                ["type": "Reconciling", "status": "True"],
            ]
        }
        #expect(
            world.observe(step)
                == .partial(
                    "HelmRelease public-ingressgateway is waiting: Running 'upgrade' action"))
        world.edit("HelmRelease", "public-ingressgateway", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(
            world.observe(step)
                == .failed(Failure(.terminal, "HelmRelease public-ingressgateway is suspended")))
    }

    @Test func `every gateway counts, not the first alone`() throws {
        var world = try World(bigBang: "254/50")
        var second = try #require(
            world.object("HelmRelease", "public-ingressgateway", in: "bigbang"))
        second[path: ["metadata", "name"]] = "second-ingressgateway"
        world.cluster.append(second)
        #expect(
            world.observe(step).saying.hasPrefix(
                "Deployment istio-gateway/second-ingressgateway is not there yet"))
    }

    @Test func `without any gateway nobody is served`() throws {
        var world = try World(bigBang: "254/50")
        world.remove("HelmRelease", "public-ingressgateway", in: "bigbang")
        #expect(world.observe(step) == .partial("there is no HelmRelease of a gateway yet"))
    }

    @Test func `a gateway that came up with another proxy, or none, is restarted, and only that`()
        throws
    {
        let world = try World(bigBang: "254/50")
        #expect(world.commands(step).withoutLease.isEmpty)
        for bare in [true, false] {
            var stale = world
            for index in stale.cluster.indices
            where stale.cluster[index]["kind"] == "Pod"
                && stale.cluster[index].namespace == "istio-gateway"
            {
                stale.cluster[index] = stale.cluster[index].gateway(isBare: bare)
            }
            #expect(stale.observe(step).word == "notDone", "\(stale.observe(step))")
            #expect(stale.observe(step).saying.contains(bare ? "without a proxy" : "1.19.4"))
            #expect(
                stale.commands(step).withoutLease.map { $0.argv.suffix(5) } == [
                    [
                        "-n", "istio-gateway", "rollout", "restart",
                        "deployment/public-ingressgateway",
                    ]
                ])
        }
    }

    @Test func `users have to be served through a gateway's own address`() throws {
        var world = try World(bigBang: "254/50")
        let probe = "http://shop.bigbang.example/"
        let situation = Situation.bigBang([
            "probes": [
                ["url": .string(probe), "gateway": "istio-gateway/public-ingressgateway"]
            ]
        ])
        let step = try BigBangRunbook.step("gateways-up", in: situation)
        #expect(world.observe(step).word == "done", "\(world.observe(step))")
        world.probed[probe] = String(repeating: "503\n", count: 5)
        #expect(world.observe(step).word == "partial")
        #expect(world.observe(step).saying.hasPrefix(probe))
    }

    // MARK: - Successors

    private static func service(_ name: String, labels: JSON) -> JSON {
        [
            "kind": "Service",
            "metadata": [
                "name": .string(name), "namespace": "istio-system", "labels": labels,
            ],
            "spec": ["type": "LoadBalancer", "selector": ["app": .string(name)]],
        ]
    }

    @Test func `a load balancer that the operator left takes no gateway's place, another does`()
        throws
    {
        var world = try World(bigBang: "254/50")
        world.keep(Baseline(addresses: ["passthrough": "10.0.0.2"]))
        let words =
            "missing: Service istio-gateway/passthrough in the place of istio-system/passthrough"
        world.cluster.append(
            Self.service(
                "passthrough", labels: ["operator.istio.io/component": "IngressGateways"]))
        #expect(world.observe(step).saying == words)
        world.cluster[world.cluster.count - 1] = Self.service("passthrough", labels: [:])
        #expect(world.observe(step).word == "done")
    }

    @Test func `an old gateway that no route names needs a successor, too, and one that stays`()
        throws
    {
        var world = try World(bigBang: "254/50")
        let old: JSON = [
            "kind": "Gateway", "metadata": ["name": "admin", "namespace": "istio-system"],
        ]
        world.keep(Baseline(objects: [old]))
        let words =
            "missing: Gateway istio-gateway/admin-ingressgateway in the place of istio-system/admin"
        #expect(world.observe(step).saying == words)
        var new: JSON = [
            "kind": "Gateway",
            "metadata": ["name": "admin-ingressgateway", "namespace": "istio-gateway"],
        ]
        world.cluster.append(new)
        #expect(world.observe(step).word == "done")
        new[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        world.cluster[world.cluster.count - 1] = new
        #expect(world.observe(step).saying == words)
    }

    // MARK: - Certificates

    private static func gateway(_ tls: JSON) -> JSON {
        ["hosts": ["a.example"], "port": ["number": 8443, "protocol": "HTTPS"], "tls": tls]
    }

    private func world(_ tls: JSON) throws -> World {
        var world = try World(bigBang: "254/50")
        world.edit("Gateway", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["spec", "servers"]] = [Self.gateway(tls)]
        }
        return world
    }

    @Test func `every certificate counts, however it is written`() throws {
        var world = try world(["credentialNames": ["rsa", "kubernetes://ecdsa"]])
        #expect(world.observe(step).saying.contains("Secret istio-gateway/rsa"))
        #expect(world.observe(step).saying.contains("Secret istio-gateway/ecdsa"))
        world.secrets = ["rsa", "ecdsa"]
        #expect(world.observe(step).word == "done")
    }

    @Test func `a Gateway that goes asks for nothing, nor does one of other pods`() throws {
        var world = try world(["credentialName": "cert"])
        #expect(world.observe(step).word == "settling")
        world.edit("Gateway", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
            $0[path: ["metadata", "name"]] = "left-over"
        }
        world.cluster.append(World.gateway)
        #expect(world.observe(step).word == "done")
        world.cluster += [
            [
                "kind": "Gateway", "metadata": ["namespace": "shop", "name": "own"],
                "spec": [
                    "selector": ["istio": "own"],
                    "servers": [Self.gateway(["credentialName": "own"])],
                ],
            ],
            [
                "kind": "Pod",
                "metadata": ["namespace": "shop", "name": "own", "labels": ["istio": "own"]],
                "status": ["phase": "Running"],
            ],
        ]
        #expect(world.observe(step).word == "done")
    }

    @Test func `only who may not look at secrets goes on without, a server that is away is asked`()
        throws
    {
        var world = try world(["credentialName": "cert"])
        world.secretsFailure = "Unable to connect to the server: EOF\nmore"
        #expect(world.observe(step) == .unknown("Unable to connect to the server: EOF"))
    }
}

extension JSON {
    /// A pod of a gateway without its proxy, or with one of another version.
    fileprivate func gateway(isBare: Bool) -> JSON {
        var pod = self
        let containers = spec.items("containers").map { container -> JSON in
            guard container["name"] == "istio-proxy" else { return container }
            var container = container
            container["image"] = "example/proxyv2:1.19.4"
            return container
        }
        pod[path: ["spec", "containers"]] = .array(
            isBare ? [["name": "app"]] : containers)
        if isBare { pod[path: ["metadata", "annotations"]] = nil }
        return pod
    }
}
