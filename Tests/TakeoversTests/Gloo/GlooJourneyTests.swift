import FleetModel
import Testing

@testable import Takeovers

/// Steps followed through their acts, as a runner would turn them.
@Suite struct GlooJourneyTests {
    private func turn(
        _ name: String, of phase: String, _ world: inout World,
        in situation: Situation = .gloo()
    ) throws -> (Observation, [Command]) {
        world.turn(try GlooRunbook.step(name, of: phase, in: situation))
    }

    @Test func `from the control plane's installation to the old one's removal`() throws {
        var world = try World("30")
        _ = try turn("lock", of: "takeover", &world)
        let activate = try GlooRunbook.step("activate", of: "takeover")
        world.run(world.commands(activate))
        #expect(world.observe(activate).word == "settling")
        // The management plane answers to defaultRevision by making the tag.
        world.cluster.append(
            try #require(
                try World("40").object(
                    "MutatingWebhookConfiguration", "istio-revision-tag-default")))
        world.cluster.append(try Fixture.sample("vwc-istiod-default-validator", in: "webhooks"))
        for (phase, steps) in [
            (
                "takeover",
                [
                    "activate", "deactivate-old-injector", "restart-workloads",
                    "switch-gateways", "unlock",
                ]
            ),
            (
                "retire",
                [
                    "lock", "prove-old-unused", "remove-test-workload", "remove-old-gateways",
                    "move-default", "remove-old-control-plane", "sweep", "remove-old-operator",
                    "final-check", "unlock",
                ]
            ),
        ] {
            for name in steps {
                let (observation, _) = try turn(name, of: phase, &world)
                #expect(observation.word == "done", "\(name): \(observation)")
            }
        }
        #expect(world.object("Deployment", "istiod", in: "istio-system") == nil)
        #expect(world.object("MutatingWebhookConfiguration", "istio-sidecar-injector") == nil)
        let validator = world.object(
            "ValidatingWebhookConfiguration", "istiod-default-validator")
        #expect(
            validator.flatMap(ValidatorConfiguration.init)?.services == ["istio-system/istiod-1-15"]
        )
        #expect(world.object("Namespace", "istio-system") != nil)
        #expect(world.object("Lease", WriterLock.name, in: "default") == nil)
    }

    @Test func `workloads are restarted one at a time, in order, and only once`() throws {
        var world = try World("40")
        _ = try turn("deactivate-old-injector", of: "takeover", &world)
        let situation = Situation.gloo(
            .gloo(parameters: [
                "gateways": "none", "first": ["bookinfo/reviews-v1"],
                "last": ["bookinfo/details-v1"],
            ]))
        let (observation, commands) = try turn(
            "restart-workloads", of: "takeover", &world, in: situation)
        #expect(observation.word == "done")
        let restarts = commands.filter { $0.argv.contains("restart") }.compactMap(\.argv.last)
        #expect(
            restarts == [
                "deployment/reviews-v1", "deployment/productpage-v1", "deployment/ratings-v1",
                "deployment/details-v1",
            ])
    }

    @Test func `a halfway cluster carries on with what is left`() throws {
        var world = try World("50")
        let (observation, commands) = try turn("restart-workloads", of: "takeover", &world)
        #expect(observation.saying.hasPrefix("5 workloads are on 1-15 1.15.3-solo "))
        let restarts = commands.filter { $0.argv.contains("restart") }.compactMap(\.argv.last)
        #expect(restarts == ["deployment/productpage-v1", "deployment/reviews-v1"])
    }

    @Test func `nothing is restarted while the old injector has the last word`() throws {
        var world = try World("40")
        let (observation, commands) = try turn("restart-workloads", of: "takeover", &world)
        #expect(observation.word == "failed terminal")
        #expect(commands.isEmpty)
    }

    @Test func `a workload that comes back wrong is not restarted again`() throws {
        var world = try World("50")
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("nothing is about to be restarted")
            return
        }
        world.settled = [item]
        #expect(world.observe(step).word == "notDone")
        (world.hasActed, world.lastRun) = (true, world.commands(step))
        // The restart has happened, and its pods still carry the old sidecar.
        world.edit("Deployment", "productpage-v1", in: "bookinfo") { owner in
            let path = [
                "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt",
            ]
            owner[path: path] = "2025-05-20T09:41:07Z"
        }
        guard case .settling(let relapse, _, _) = world.observe(step) else {
            Issue.record("a relapse has to last before it counts")
            return
        }
        world.settled.insert(relapse)
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `the control plane is added to the object that other clusters share`() throws {
        var world = try World("20")
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") { manager in
            var installation = manager.spec.items("installations")[0]
            installation["clusters"] = [["name": "cluster-9", "defaultRevision": true]]
            manager[path: ["spec", "installations"]] = .array([installation])
            manager["status"] = nil
        }
        let (observation, commands) = try turn("add-control-plane", of: "prepare", &world)
        #expect(observation.word == "partial")
        #expect(commands.last?.argv.contains("mgmt-1") == true)
        let manager = world.object(
            "IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh")
        let clusters = manager?.spec.items("installations").first?.items("clusters")
        #expect(
            clusters == [
                ["name": "cluster-9", "defaultRevision": true],
                ["name": "cluster-1", "defaultRevision": false, "trustDomain": "cluster.local"],
            ])
    }

    @Test func `a new object holds this cluster alone and keeps the repository key out of records`()
        throws
    {
        var world = try World("00")
        let (_, commands) = try turn("add-control-plane", of: "prepare", &world)
        let creation = try #require(commands.last)
        let object = try #require(creation.stdin.flatMap { JSON(parsing: $0) })
        let clusters = object.spec.items("installations").flatMap { $0.items("clusters") }
        #expect(clusters.map { $0["name"] } == ["cluster-1"])
        #expect(creation.redacted(creation.stdin ?? "").contains("REPOKEY") == false)
    }

    @Test func `a gateway is added with its own revision key`() throws {
        var world = try World("10")
        let (observation, _) = try turn("add-eastwest-gateway", of: "prepare", &world)
        #expect(observation.word == "partial")
        let manager = world.object(
            "GatewayLifecycleManager", "istio-eastwestgateway", in: "gloo-mesh")
        let installation = manager?.spec.items("installations").first
        #expect(installation?["gatewayRevision"] == "1-15")
        #expect(
            installation?["clusters"] == [
                ["name": "cluster-1", "activeGateway": true, "trustDomain": "cluster.local"]
            ])
    }

    @Test func `the test workload names the new revision and is ours to delete`() throws {
        var world = try World("20")
        let (observation, commands) = try turn("test-workload", of: "prepare", &world)
        #expect(observation.word == "partial")
        #expect(commands.last?.argv.suffix(3) == ["apply", "-f", "-"])
        #expect(world.object("Namespace", "petstore")?.labels == ["istio.io/rev": "1-15"])
        let (gone, _) = try turn("remove-test-workload", of: "retire", &world)
        #expect(gone == .done("namespace petstore is gone"))
        #expect(world.object("Deployment", "curl", in: "petstore") == nil)
    }
}
