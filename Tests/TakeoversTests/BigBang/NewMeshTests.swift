import FleetModel
import Testing

@testable import Takeovers

/// What the new mesh is held against: the takeover, and what the old one was.
@Suite struct NewMeshTests {
    private func guarded(_ name: String, in situation: Situation = .bigBang()) throws -> Step {
        let steps = RunbookOutline.phaseNames.flatMap {
            BigBangRunbook.allSteps(of: $0, in: situation)
        }
        return try #require(steps.first { $0.outline.name == name })
    }

    // MARK: - The version

    @Test func `another version than the takeover says goes on to the gateways and is told there`()
        throws
    {
        var world = try World(bigBang: "254/50")
        for name in ["istio-crds", "istiod"] {
            world.edit("HelmRelease", name, in: "bigbang") {
                $0[path: ["status", "lastHandledForceAt"]] = "7F3K-force"
            }
        }
        let situation = Situation.bigBang(version: "1.25.9")
        for name in ["new-control-plane", "step-2-values", "gateways-up"] {
            let observation = world.observe(try guarded(name, in: situation))
            #expect(observation.word == "done", "\(name): \(observation)")
        }
        let told = world.observe(try guarded("compare-mesh", in: situation))
        #expect(told.word == "failed terminal")
        #expect(told.saying.hasPrefix("istiod runs 1.25.2, not 1.25.9, since that is what this"))
        #expect(told.saying.hasSuffix("of a takeover with `version: 1.25.2`"))
        #expect(world.observe(try guarded("compare-mesh")).word == "done")
    }

    @Test func `a flavour of the version is the version`() throws {
        var world = try World(bigBang: "254/50")
        world.edit("Deployment", "istiod", in: "istio-system") { object in
            let containers = object.template.spec.items("containers").map { container in
                var container = container
                container["image"] = "example/pilot:1.25.2-distroless"
                return container
            }
            object[path: ["spec", "template", "spec", "containers"]] = .array(containers)
        }
        #expect(world.observe(try guarded("gateways-up")).word == "done")
        #expect(world.observe(try guarded("compare-mesh")).word == "done")
    }

    // MARK: - mTLS

    private func authentication(_ name: String, _ mode: String) -> JSON {
        [
            "kind": "PeerAuthentication",
            "metadata": ["namespace": "istio-system", "name": .string(name)],
            "spec": ["mtls": ["mode": .string(mode)]],
        ]
    }

    @Test func `mTLS of the whole mesh that went with the old one is told, unless it may`() throws {
        var world = try World(bigBang: "254/60")
        let old = authentication("default-istio-system", "STRICT")
        world.keep(Baseline(objects: [old]))
        let step = try BigBangRunbook.step("compare-mesh")
        #expect(
            world.observe(step).saying
                == "mTLS of the whole mesh was STRICT by PeerAuthentication "
                + "istio-system/default-istio-system and is PERMISSIVE now, so that plain text is "
                + "let in: nothing took its place. Bring it back, or set allowMTLSChange")
        let allowing = Situation.bigBang(["allowMTLSChange": true])
        #expect(world.observe(try BigBangRunbook.step("compare-mesh", in: allowing)).word == "done")
        world.cluster.append(authentication("default", "STRICT"))
        #expect(
            world.observe(step)
                == .done("istiod runs 1.25.2, and mTLS of the whole mesh is STRICT"))
        world.cluster.removeAll { $0.name == Baseline.name }
        world.keep(Baseline(objects: [authentication("d", "PERMISSIVE")]))
        world.cluster.removeAll { $0["kind"] == "PeerAuthentication" }
        #expect(world.observe(step).word == "done")
    }

    @Test func `what speaks of some workloads is nothing to the whole mesh`() {
        var narrow = authentication("a", "DISABLE")
        narrow[path: ["spec", "selector", "matchLabels", "app"]] = "web"
        let mesh = MeshEncryption([narrow, authentication("b", "STRICT")])
        #expect(mesh.isStrict && mesh.source == "PeerAuthentication istio-system/b")
        #expect(MeshEncryption([narrow]) == MeshEncryption([]))
    }

    // MARK: - Gateways

    private static let secured: JSON = [
        "hosts": ["*.bigbang.example", "bigbang.example"],
        "port": ["number": 8443, "protocol": "HTTPS"],
        "tls": ["mode": "SIMPLE", "credentialName": "public-cert"],
    ]

    @Test func `a gateway without its certificate is told with the hosts that lack it`() throws {
        var world = try World(bigBang: "254/50")
        world.edit("Gateway", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["spec", "servers"]] = [Self.secured]
        }
        let step = try BigBangRunbook.step("gateways-up")
        let words =
            "missing: Secret istio-gateway/public-cert, the certificate of *.bigbang.example, "
            + "bigbang.example at Gateway istio-gateway/public-ingressgateway"
        #expect(
            world.observe(step) == .settling(item: words, for: .minutes(1), fingerprint: ""))
        world.settled = [words]
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.contains("(`gateways`, `gatewayCerts`)"))
        world.forbidden = ["list secrets"]
        #expect(
            world.observe(step).saying.contains("; its certificates were not looked at: Error from")
        )
        world.forbidden = []
        world.secrets = ["public-cert"]
        #expect(world.observe(step).word == "done")
    }

    @Test func `only those who serve through the new gateways ask for certificates there`() throws {
        var world = try World(bigBang: "254/50")
        world.cluster.append([
            "kind": "Gateway", "metadata": ["namespace": "shop", "name": "own"],
            "spec": ["selector": ["istio": "own-gateway"], "servers": [Self.secured]],
        ])
        #expect(world.observe(try BigBangRunbook.step("gateways-up")).word == "done")
    }

    @Test func `an old gateway without a successor is told with those who lose it`() throws {
        var world = try World(bigBang: "254/50")
        world.cluster.append([
            "kind": "VirtualService",
            "metadata": ["name": "vault", "namespace": "vault", "resourceVersion": "1"],
            "spec": ["gateways": ["istio-system/passthrough"], "hosts": ["vault.example"]],
        ])
        world.keep(
            Baseline(addresses: ["passthrough-ingressgateway": "10.0.0.2"]))
        let step = try BigBangRunbook.step("gateways-up")
        let words =
            "missing: Service istio-gateway/passthrough-ingressgateway in the place of "
            + "istio-system/passthrough-ingressgateway; Gateway "
            + "istio-gateway/passthrough-ingressgateway in the place of istio-system/passthrough, "
            + "through which users get to vault/vault"
        #expect(world.observe(step).saying == words)
        world.settled = [words]
        #expect(world.observe(step).word == "failed terminal")
        let going = Situation.bigBang(["goneGateways": ["passthrough-ingressgateway"]])
        #expect(world.observe(try BigBangRunbook.step("gateways-up", in: going)).word == "done")
    }

    @Test func `routes that others keep have to be ready when the old gateways go`() throws {
        let steps = BigBangRunbook.steps(
            of: "takeover", in: .bigBang(["allowSkew": true, "routes": "others"]))
        let step = try #require(steps.first { $0.outline.name == "prepare-routes" })
        var world = try World(bigBang: "254/00")
        #expect(world.observe(step).word == "failed terminal")
        #expect(world.observe(step).saying.hasPrefix("only the old gateways lead to bookinfo/shop"))
        world.edit("VirtualService", "shop", in: "bookinfo") {
            $0[path: ["spec", "gateways"]] = [
                "istio-system/public", "istio-gateway/public-ingressgateway",
            ]
        }
        #expect(world.observe(step).word == "done")
        #expect(try World(bigBang: "254/50").observe(step).word == "done")
    }

    // MARK: - Roots of trust

    @Test func `a root that was left lying somewhere makes up for none that went`() throws {
        let before = ["istio-system": ["a"], "shop": ["a"], "gone": ["a"]]
        #expect(TrustChange(from: before, to: ["istio-system": ["a", "b"], "shop": ["a"]]) == nil)
        let change = try #require(
            TrustChange(from: before, to: ["istio-system": ["b"], "shop": ["a"]]))
        #expect(change.namespaces == ["istio-system"])
        #expect(
            change.words.hasPrefix("the root of trust has changed (a is gone, b came; in istio"))
    }

    @Test func `roots are saved namespace by namespace`() throws {
        var world = try World(bigBang: "254/00")
        world.run(world.commands(try BigBangRunbook.step("save-baseline")))
        let text = try #require(
            world.object("ConfigMap", Baseline.name, in: "bigbang")?[path: ["data", "baseline"]]?
                .string)
        let baseline = Baseline(document: try #require(JSON(parsing: text)))
        #expect(baseline.roots.keys.sorted() == ["bookinfo", "istio-system"])
        #expect(Baseline(roots: ["a"]).roots == ["istio-system": ["a"]])
    }

    // MARK: - Probes

    private static let plain = "http://shop.bigbang.example/"

    @Test func `a name that leads to a gateway that is gone is asked for behind await-dns`() throws
    {
        var world = try World(bigBang: "254/60")
        world.probed[Self.plain] = String(repeating: "000\n", count: 5)
        let situation = Situation.bigBang([
            "allowSkew": true, "probes": [.string(Self.plain)],
        ])
        for name in ["step-2-values", "gateways-up", "restart-workloads"] {
            let observation = world.observe(try guarded(name, in: situation))
            #expect(!observation.saying.contains("I9"), "\(name): \(observation)")
        }
        let behind = try guarded("check-requests", in: situation)
        #expect(world.observe(behind).word == "partial")
        #expect(world.observe(behind).saying.hasPrefix(Self.plain))
        #expect(
            world.observe(try guarded("reconcile-releases", in: situation)).saying.contains("I9"))
        world.probed = [:]
        #expect(world.observe(behind) == .done("1 probes are served"))
    }

    // MARK: - Nothing to do

    @Test func `from 3 on no step of any phase does anything or is held to anything`() throws {
        var world = try World(bigBang: "254/60")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 7, "status": "deployed", "chartVersion": "3.2.0"]
            ]
        }
        let situation = Situation.bigBang(
            ["orphans": "delete", "valuesInGit": true, "probes": [.string(Self.plain)]],
            version: "1.24.1")
        world.probed[Self.plain] = String(repeating: "000\n", count: 5)
        for phase in RunbookOutline.phaseNames + [RunbookOutline.rollbackPhase] {
            for step in BigBangRunbook.allSteps(of: phase, in: situation) {
                let observation = world.observe(step)
                #expect(
                    observation == .done(BigBangVariant.nothingToDoWords),
                    "\(step.outline.name): \(observation)")
            }
        }
    }
}
