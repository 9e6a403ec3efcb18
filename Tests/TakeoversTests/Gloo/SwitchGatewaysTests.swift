import FleetModel
import Testing

@testable import Takeovers

@Suite struct SwitchGatewaysTests {
    /// Old and new gateway pods behind one Service of their own namespace.
    private func shared(pin: String?, newIsReady: Bool = true) throws -> World {
        var world = try World("60")
        for (name, revision, isReady) in [("old", "default", true), ("new", "1-15", newIsReady)] {
            let labels: JSON = ["istio": "ingressgateway", "revision": .string(revision)]
            let proxy: JSON = [
                "name": "istio-proxy", "image": "proxyv2:1", "args": ["proxy", "router"],
            ]
            let ready: JSON = ["type": "Ready", "status": isReady ? "True" : "False"]
            world.cluster.append([
                "kind": "Pod",
                "metadata": [
                    "name": .string(name), "namespace": "edge", "labels": labels,
                    "annotations": ["istio.io/rev": .string(revision)],
                ],
                "spec": ["containers": [proxy]], "status": ["conditions": [ready]],
            ])
        }
        var selector: JSON = ["istio": "ingressgateway"]
        selector["revision"] = pin.map(JSON.string)
        world.cluster.append([
            "kind": "Service",
            "metadata": ["name": "gateway", "namespace": "edge", "resourceVersion": "5"],
            "spec": ["type": "LoadBalancer", "selector": selector],
        ])
        return world
    }

    private var step: Step {
        get throws { try GlooRunbook.step("switch-gateways", of: "takeover") }
    }

    @Test func `whoever leads clients, what a shared Service would be given is shown`() throws {
        for parameters in [["gateways": "none"], [:]] as [[String: JSON]] {
            let takeover = Takeover.gloo(parameters: parameters)
            let preview = try GlooRunbook.step(
                "switch-gateways", of: "takeover", in: .gloo(takeover)
            ).preview
            let spaces = Set(preview.acts.compactMap { $0.argv.contains("-n") ? $0.argv[5] : nil })
            #expect(spaces == [parameters.isEmpty ? "<namespace>" : "gloo-mesh-gateways"])
            #expect(preview.acts.count == 2 && preview.compensation.count == 2)
            #expect(preview.proof.contains("are led over by others") == !parameters.isEmpty)
        }
    }

    @Test func `a shared Service leads to both before it leads to the new ones alone`() throws {
        var world = try shared(pin: "default")
        let selector = { (world: World) in
            world.object("Service", "gateway", in: "edge")?.spec["selector"]
        }
        #expect(world.observe(try step).word == "notDone")
        world.run(world.commands(try step))
        #expect(selector(world) == ["istio": "ingressgateway"])
        #expect(world.observe(try step).word == "notDone")
        world.run(world.commands(try step))
        #expect(selector(world) == ["istio": "ingressgateway", "revision": "1-15"])
        #expect(world.observe(try step).word == "done")
    }

    @Test func `nothing is switched to a gateway that is not ready`() throws {
        #expect(try shared(pin: "default", newIsReady: false).observe(step).word == "partial")
    }

    @Test func `nothing is switched while a gateway of the takeover is not well`() throws {
        var world = try shared(pin: "default")
        world.edit("Deployment", "istio-eastwestgateway-1-15", in: "gloo-mesh-gateways") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        let words =
            "not before the new gateways are well: Deployment istio-eastwestgateway-1-15: "
            + "0 of 1 pods are available"
        #expect(world.observe(try step) == .partial(words))
        let back = try GlooRunbook.step("return-gateways", of: "rollback")
        world = try shared(pin: "1-15", newIsReady: false)
        #expect(world.observe(back).word == "notDone")
    }

    @Test func `a switched Service that still leads to old pods is not done`() throws {
        var world = try shared(pin: "1-15")
        #expect(world.observe(try step).word == "done")
        world.edit("Pod", "old", in: "edge") {
            $0[path: ["metadata", "labels", "revision"]] = "1-15"
        }
        #expect(world.observe(try step).word == "partial")
    }

    @Test func `an old gateway that shares a Service is in use until it is switched`() throws {
        let prove = try GlooRunbook.step("prove-old-unused", of: "retire")
        guard case .failed(let failure) = try shared(pin: nil).observe(prove) else {
            Issue.record("expected a failure")
            return
        }
        #expect(failure.reason.contains("Service edge/gateway leads to old gateways"))
    }

    @Test func `gateways in other namespaces are for somebody to decide on`() throws {
        let step = try GlooRunbook.step(
            "switch-gateways", of: "takeover", in: .gloo(.gloo(parameters: [:])))
        guard case .failed(let failure) = try World("60").observe(step) else {
            Issue.record("expected a failure")
            return
        }
        #expect(failure.reason.contains("istio-gateways/istio-eastwestgateway (34.86.225.10)"))
    }
}
