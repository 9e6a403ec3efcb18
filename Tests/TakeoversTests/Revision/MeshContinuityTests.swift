import FleetModel
import Testing

@testable import Takeovers

/// A mesh whose pods may reach other things outside once they have moved (P10).
@Suite struct MeshContinuityTests {
    @Test(
        arguments: [
            ("outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\nrootNamespace: a\n", "REGISTRY_ONLY"),
            ("outboundTrafficPolicy:\n  # why\n  mode: \"REGISTRY_ONLY\" # so\n", "REGISTRY_ONLY"),
            ("outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n", "REGISTRY_ONLY"),
            (#"{"outboundTrafficPolicy":{"mode":"REGISTRY_ONLY"}}"#, "REGISTRY_ONLY"),
            ("outboundTrafficPolicy:\n  mode: ALLOW_ANY\n", "ALLOW_ANY"),
            ("outboundTrafficPolicy: {}\ntls:\n  mode: X\n", "ALLOW_ANY"),
            ("defaultConfig:\n  outboundTrafficPolicy:\n    mode: REGISTRY_ONLY\n", "ALLOW_ANY"),
            ("outboundTrafficPolicy:\n", "ALLOW_ANY"), ("", "ALLOW_ANY"), ("mode:\n", "ALLOW_ANY"),
        ])
    func `the mode stands in the mesh configuration`(mesh: String, mode: String) {
        #expect(OutboundTraffic.of(meshConfigMap: ["data": ["mesh": .string(mesh)]]) == mode)
    }

    private func mesh(_ name: String, _ text: String) -> JSON {
        [
            "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "istio-system"],
            "data": ["mesh": .string(text)],
        ]
    }

    private static let closed = "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n"
    private static let open = "outboundTrafficPolicy:\n  mode: ALLOW_ANY\n"

    private func asking(for mode: String?) -> JSON {
        mode.map { ["meshConfig": ["outboundTrafficPolicy": ["mode": .string($0)]]] } ?? [:]
    }

    private func takeover(by installer: String, asking mode: String?) -> Takeover {
        let asked = asking(for: mode)
        guard installer == "helm" else {
            var spec = asked
            spec["profile"] = "minimal"
            return .istioctl(spec: spec)
        }
        return .revision(manifests: ["istiod": "\(asked)"])
    }

    private func told(_ takeover: Takeover, old: String) throws -> [Finding] {
        var world = try World.revision("00")
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name == "istio-1-24-3" }
        world.cluster.append(mesh("istio-1-24-3", old))
        var context = StepContext(now: world.now)
        for _ in 0..<8 {
            switch RevisionRunbook.preflight(in: .revision(takeover), context) {
            case .findings(let findings): return findings.filter { $0.check == "P10" }
            case .needs(let readings):
                for reading in readings { context.readings[reading] = world.answer(reading) }
            case let other: throw Fixture.Missing(name: "findings: \(other)")
            }
        }
        throw Fixture.Missing(name: "an end to the questions")
    }

    @Test(arguments: ["helm", "istioctl"])
    func `another mode blocks, unless the new settings ask for it`(installer: String) throws {
        let (open, closed) = ("ALLOW_ANY", "REGISTRY_ONLY")
        let becomes = "outboundTrafficPolicy is ALLOW_ANY, and becomes REGISTRY_ONLY"
        #expect(
            try told(takeover(by: installer, asking: closed), old: Self.open)
                == [Finding("P10", .warn, becomes)])
        let forgotten =
            "outboundTrafficPolicy is REGISTRY_ONLY, and becomes ALLOW_ANY where the new settings "
            + "say nothing of it"
        #expect(
            try told(takeover(by: installer, asking: nil), old: Self.closed)
                == [Finding("P10", .block, forgotten)])
        #expect(try told(takeover(by: installer, asking: closed), old: Self.closed).isEmpty)
        #expect(try told(takeover(by: installer, asking: open), old: Self.open).isEmpty)
        #expect(try told(takeover(by: installer, asking: nil), old: Self.open).isEmpty)
    }

    @Test(
        arguments: [
            ([:], true), (["global": ["proxy": ["holdApplicationUntilProxyStarts": true]]], false),
            (
                ["meshConfig": ["defaultConfig": ["holdApplicationUntilProxyStarts": true]]],
                false
            ),
        ] as [(JSON, Bool)])
    func `applications that would no longer wait for their proxies are told`(
        values: JSON, isTold: Bool
    ) throws {
        let old = "defaultConfig:\n  holdApplicationUntilProxyStarts: true\n"
        let found = try told(.revision(manifests: ["istiod": "\(values)"]), old: old)
        #expect(found.map(\.severity) == (isTold ? [.warn] : []))
        #expect(found.allSatisfy { $0.words.contains("the new settings do not say so") })
    }

    @Test(arguments: ["helm", "istioctl"])
    func `trust domains that the new mesh no longer takes for its own are told`(
        installer: String
    ) throws {
        let old = "trustDomainAliases:\n- a.example\n- b.example\n"
        let told = { (aliases: JSON) -> [Finding] in
            let settings: JSON = ["meshConfig": ["trustDomainAliases": aliases]]
            let isHelm = installer == "helm"
            let takeover: Takeover =
                isHelm
                ? .revision(manifests: ["istiod": "\(settings)"])
                : .istioctl(spec: [
                    "profile": "minimal", "meshConfig": settings["meshConfig"] ?? [:],
                ])
            return try self.told(takeover, old: old)
        }
        let words = "trustDomainAliases has b.example, which the new settings do not say"
        #expect(try told(["a.example", "c.example"]) == [Finding("P10", .warn, words)])
        #expect(try told(["b.example", "a.example"]).isEmpty)
    }

    @Test(arguments: ["helm", "istioctl"])
    func `what a chart or profile brings of its own stops before anything moves`(
        installer: String
    ) throws {
        var world = try World.revision("10")
        if installer == "istioctl" {
            world.cluster += ["Service", "ConfigMap"].flatMap { kind -> [JSON] in
                ["istiod-1-25-2", "istio-sidecar-injector-1-25-2"].map {
                    [
                        "kind": .string(kind),
                        "metadata": ["name": .string($0), "namespace": "istio-system"],
                    ]
                }
            }
        }
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name.hasPrefix("istio-1-") }
        let before = world.cluster
        func seen(_ old: String, _ new: String, asked: String? = nil) throws -> Observation {
            world.cluster = before + [mesh("istio-1-24-3", old), mesh("istio-1-25-2", new)]
            let takeover = takeover(by: installer, asking: asked)
            world.releases["istio-system/istiod-1-25-2"]?.values = asking(for: asked)
            world.releases["istio-system/istiod-1-25-2"]?.values["revision"] = "1-25-2"
            return world.observe(
                try RevisionRunbook.step(
                    "install-control-plane", of: "prepare", in: .revision(takeover)))
        }
        let words =
            "ConfigMap istio-1-25-2 has outboundTrafficPolicy REGISTRY_ONLY, not ALLOW_ANY: moved "
            + "pods would reach other things outside the mesh"
        #expect(try seen(Self.open, Self.closed) == .failed(Failure(.terminal, words)))
        #expect(try seen(Self.open, Self.closed, asked: "REGISTRY_ONLY").word == "done")
        #expect(try seen(Self.open, "").word == "done")
        #expect(try seen(Self.closed, "", asked: "REGISTRY_ONLY").word == "failed terminal")
        let domain =
            "ConfigMap istio-1-25-2 has the trust domain other, not cluster.local: moved pods would "
            + "have other identities"
        #expect(try seen("", "trustDomain: other\n") == .failed(Failure(.terminal, domain)))
    }

    @Test func `without a configuration of the old mesh its proxies tell the trust domain`() throws
    {
        var world = try World.revision("00")
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name.hasPrefix("istio-1-") }
        world.rename(trustDomain: "old.example")
        let takeover = Takeover.revision()
        let found = world.findings(of: "P10", by: RevisionRunbook.self, in: .revision(takeover))
        let words = "the trust domain is old.example, not cluster.local"
        #expect(found.contains(Finding("P10", .block, words)))
        world = try World.revision("10")
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name.hasPrefix("istio-1-") }
        world.rename(trustDomain: "old.example")
        world.cluster.append(mesh("istio-1-25-2", ""))
        let step = try RevisionRunbook.step("install-control-plane", of: "prepare")
        let reason =
            "ConfigMap istio-1-25-2 has the trust domain cluster.local, not old.example: moved pods "
            + "would have other identities"
        #expect(world.observe(step) == .failed(Failure(.terminal, reason)))
    }

    @Test func `an old mesh that is gone is held against nothing`() throws {
        var world = try World.revision("10")
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name.hasPrefix("istio-1-") }
        world.cluster.append(mesh("istio-1-25-2", Self.closed))
        let step = try RevisionRunbook.step("install-control-plane", of: "prepare")
        #expect(world.observe(step).word == "done")
    }
}
