import FleetModel
import Testing

@testable import Takeovers

@Suite struct GlooPrepareTests {
    private func stating(_ state: String, message: String = "m") throws -> World {
        var world = try World("20")
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") {
            let path = ["status", "clusters", "cluster-1", "installations", "1-15"]
            $0[path: path] = ["state": .string(state), "message": .string(message)]
        }
        return world
    }

    @Test(arguments: ["UNHEALTHY", "ACTION_REQUIRED"])
    func `a state that needs attention fails when it lasts three minutes`(state: String) throws {
        var world = try stating(state)
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        guard case .settling(let item, let duration, _) = world.observe(step) else {
            Issue.record("expected to wait, got \(world.observe(step))")
            return
        }
        #expect(duration == .minutes(3))
        world.settled = [item]
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test(arguments: ["FAILED", "CONTROLLER_INSTALL_FAILED", "CONTROL_PLANE_INSTALL_FAILED"])
    func `a failed installation fails the step in Gloo's words`(state: String) throws {
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        let world = try stating(state, message: "no licence")
        let words = "IstioLifecycleManager istiod-control-plane says \(state): no licence"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `HEALTHY is not believed before the control plane runs`() throws {
        var world = try World("20")
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        world.edit("Deployment", "istiod-1-15", in: "istio-system") {
            $0[path: ["status", "availableReplicas"]] = 0
        }
        #expect(world.observe(step).word == "partial")
        world.remove("Deployment", "istiod-1-15", in: "istio-system")
        #expect(world.observe(step).word == "partial")
    }

    @Test func `nothing is added for a cluster that Gloo does not accept`() throws {
        var world = try World("00")
        world.management = []
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `the trust domain of the old mesh is kept`() throws {
        var world = try World("00")
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
            "data": ["mesh": "trustDomain: old.example\n"],
        ])
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        #expect(world.commands(step).last?.stdin?.contains(#""trustDomain":"old.example""#) == true)
    }

    @Test func `without a configuration the old proxies tell which trust domain is kept`() throws {
        var world = try World("00")
        world.rename(trustDomain: "old.example")
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        #expect(world.commands(step).last?.stdin?.contains(#""trustDomain":"old.example""#) == true)
        world.rename(trustDomain: "")
        let words =
            "nothing tells the trust domain of default: there is no ConfigMap istio-system/istio, "
            + #"and no proxy that was told one; give it as the parameter "trustDomain""#
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `without a configuration of the old mesh its proxies have to fit to the new one`()
        throws
    {
        var world = try World("20")
        world.cluster.append(mesh("istio-1-15", "trustDomain: cluster-1\n"))
        let step = try GlooRunbook.step("check-control-plane", of: "prepare")
        let words =
            "ConfigMap istio-1-15 has trust domain cluster-1, and a proxy of default has "
            + "cluster.local: moved pods would have other identities"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    private func mesh(_ name: String, _ text: String) -> JSON {
        [
            "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "istio-system"],
            "data": ["mesh": .string(text)],
        ]
    }

    @Test(arguments: [
        ("", "", ""), ("edge", "", "edge"), ("", "edge", "edge"),
        ("cluster.local", "edge", "edge"), ("cluster.local", "", ""),
        ("", "cluster.local", ""), ("cluster.local", "cluster.local", ""),
    ])
    func `an entry of somebody else's with another trust domain is refused`(
        own: String, shared: String, wrong: String
    ) throws {
        var world = try World("20")
        world.cluster.append(mesh("istio", "trustDomain: cluster.local\n"))
        world.edit("IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh") {
            var installation = $0.spec.items("installations")[0]
            var entry: JSON = ["name": "cluster-1", "defaultRevision": false]
            entry["trustDomain"] = own.isEmpty ? nil : .string(own)
            installation["clusters"] = [entry]
            installation[path: ["istioOperatorSpec", "meshConfig", "trustDomain"]] =
                shared.isEmpty ? nil : .string(shared)
            $0[path: ["spec", "installations"]] = [installation]
        }
        let step = try GlooRunbook.step("add-control-plane", of: "prepare")
        guard !wrong.isEmpty else {
            #expect(world.observe(step).word == "done")
            return
        }
        let words =
            "IstioLifecycleManager istiod-control-plane gives cluster-1 the trust domain \(wrong), "
            + "not cluster.local: every identity would change in the middle of the move"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `a manifest with another trust domain is not installed`() throws {
        var world = try World("00")
        world.cluster.append(mesh("istio", "trustDomain: cluster.local\n"))
        var manifest = Takeover.controlPlaneManifest
        var installation = manifest.spec.items("installations")[0]
        installation[path: ["istioOperatorSpec", "meshConfig", "trustDomain"]] = "edge"
        manifest[path: ["spec", "installations"]] = [installation]
        var takeover = Takeover.gloo()
        takeover.manifests["controlPlane"] = manifest.description
        let step = try GlooRunbook.step("add-control-plane", of: "prepare", in: .gloo(takeover))
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test(arguments: [
        ("cluster.local", "", "", "done"), ("edge", "", "", "failed terminal"),
        ("edge", "", "cluster.local", "failed terminal"),
        ("edge", "edge", "cluster.local", "done"),
    ])
    func `the trust domain that the new mesh says it has is the old one's`(
        domain: String, oldAlias: String, newAlias: String, word: String
    ) throws {
        var world = try World("20")
        let aliases = { (alias: String) in
            alias.isEmpty ? "" : "trustDomainAliases:\n- \(alias)  # theirs\n"
        }
        world.cluster.append(mesh("istio", aliases(oldAlias) + "rootNamespace: istio-system\n"))
        world.cluster.append(mesh("istio-1-15", "trustDomain: \(domain)\n" + aliases(newAlias)))
        let step = try GlooRunbook.step("check-control-plane", of: "prepare")
        #expect(world.observe(step).word == word)
    }

    /// The gateways are there, of a mesh whose trust domain the old control plane still tells.
    private func domains(entry: String? = nil, pods: String) throws -> World {
        var world = try World("30")
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
            "data": ["mesh": "trustDomain: old.example\n"],
        ])
        world.edit("GatewayLifecycleManager", "istio-eastwestgateway", in: "gloo-mesh") {
            var installation = $0.spec.items("installations")[0]
            installation["clusters"] = [
                ["name": "cluster-1", "trustDomain": entry.map(JSON.string) ?? .null]
            ]
            $0[path: ["spec", "installations"]] = .array([installation])
        }
        for index in world.cluster.indices
        where world.cluster[index].namespace == "gloo-mesh-gateways" {
            let text = world.cluster[index].description
            let domain = #""name":"TRUST_DOMAIN","value":"#
            world.cluster[index] =
                JSON(
                    parsing: text.replacing(
                        #"\#(domain)"cluster.local""#, with: #"\#(domain)"\#(pods)""#))
                ?? .null
        }
        return world
    }

    @Test func `the gateways keep the trust domain of the old mesh, too`() throws {
        let step = try GlooRunbook.step("add-eastwest-gateway", of: "prepare")
        var world = try domains(pods: "old.example")
        #expect(world.observe(step).word == "done")
        world.management.removeAll { $0["kind"] == "GatewayLifecycleManager" }
        #expect(world.commands(step).last?.stdin?.contains(#""trustDomain":"old.example""#) == true)
    }

    @Test func `a gateway of another trust domain is no gateway of the mesh`() throws {
        let step = try GlooRunbook.step("add-eastwest-gateway", of: "prepare")
        let manager = "GatewayLifecycleManager istio-eastwestgateway"
        let entry = try domains(entry: "cluster-1", pods: "old.example")
        let given = "\(manager) gives cluster-1 the trust domain cluster-1, not old.example"
        #expect(entry.observe(step) == .failed(Failure(.terminal, given)))
        guard case .failed(let failure) = try domains(pods: "cluster-1").observe(step) else {
            Issue.record("\(try domains(pods: "cluster-1").observe(step))")
            return
        }
        #expect(failure.reason.contains("is of the trust domain cluster-1, not old.example"))
        // What the takeover says counts for more than what a mesh was.
        let given2 = Situation.gloo(
            .gloo(parameters: ["gateways": "none", "trustDomain": "cluster-1"]))
        let told = try GlooRunbook.step("add-eastwest-gateway", of: "prepare", in: given2)
        #expect(try domains(pods: "cluster-1").observe(told).word == "done")
    }

    @Test func `different roots of trust of old and new stop the takeover`() throws {
        var world = try World("20")
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector-1-15") {
            let webhooks = $0.items("webhooks").map { webhook in
                var webhook = webhook
                webhook[path: ["clientConfig", "caBundle"]] = "another"
                return webhook
            }
            $0["webhooks"] = .array(webhooks)
        }
        let step = try GlooRunbook.step("check-control-plane", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `the new control plane is whole with its operator and its certificates`() throws {
        let (space, name) = ("gm-iop-1-15", "istio-operator-1-15")
        let step = try GlooRunbook.step("check-control-plane", of: "prepare")
        func lack(_ change: (inout World) -> Void) throws -> Observation {
            var world = try World("20")
            change(&world)
            return world.observe(step)
        }
        let going = try lack {
            $0.edit("Namespace", space) {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
        }
        #expect(going == .partial("namespace gm-iop-1-15 is not there yet"))
        let absent = try lack { $0.remove("Deployment", name, in: space) }
        #expect(absent == .partial("Deployment \(space)/\(name) is not there yet"))
        let idle = try lack {
            $0.edit("Deployment", name, in: space) {
                $0[path: ["status", "availableReplicas"]] = 0
            }
        }
        #expect(idle == .partial("Deployment \(name): 0 of 1 pods are available"))
        let injector = "istio-sidecar-injector-1-15"
        let bare = try lack {
            $0.edit("MutatingWebhookConfiguration", injector) { object in
                var webhooks = object.items("webhooks")
                webhooks[0][path: ["clientConfig", "caBundle"]] = nil
                object["webhooks"] = .array(webhooks)
            }
        }
        #expect(bare == .partial("\(injector) has no caBundle yet"))
    }

    @Test func `a default that moved by itself is seen`() throws {
        var world = try World("20")
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") {
            $0["webhooks"] = []
        }
        let step = try GlooRunbook.step("check-control-plane", of: "prepare")
        #expect(world.observe(step) == .unknown("a new pod in bookinfo would not be injected"))
    }

    @Test func `a gateway without an address is waited for`() throws {
        var world = try World("30")
        world.edit("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways") {
            $0["status"] = ["loadBalancer": [:]]
        }
        let step = try GlooRunbook.step("add-eastwest-gateway", of: "prepare")
        let words =
            "Gloo says HEALTHY, but Service gloo-mesh-gateways/istio-eastwestgateway "
            + "has no address yet"
        #expect(world.observe(step) == .partial(words))
    }

    @Test func `a workload that moved before activation is an alarm`() throws {
        var world = try World("30")
        let moved = try #require(
            try World("60").cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("details-v1")
            })
        world.cluster.append(moved)
        let step = try GlooRunbook.step("old-untouched", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `a test pod on the wrong revision stops the takeover`() throws {
        var world = try World("30")
        world.edit("Pod", "petstore-gskvfvr9p-nwpkg", in: "petstore") {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"default"}"#
        }
        let step = try GlooRunbook.step("test-workload", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `somebody else's namespace of that name is left alone`() throws {
        var world = try World("30")
        world.edit("Namespace", "petstore") { $0[path: ["metadata", "labels"]] = [:] }
        let step = try GlooRunbook.step("test-workload", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }
}
