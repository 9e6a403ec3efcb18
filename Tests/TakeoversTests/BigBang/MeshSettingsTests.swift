import FleetModel
import Testing

@testable import Takeovers

/// A mesh that comes back with other identities, or with other ways out (P10).
@Suite struct MeshSettingsTests {
    private static func mesh(_ text: String) -> JSON {
        [
            "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
            "data": ["mesh": .string(text)],
        ]
    }

    // MARK: - Beforehand

    private func findings(
        values: String?, inline: JSON? = nil, _ parameters: [String: JSON] = [:],
        source: JSON = ["kind": "ConfigMap", "name": "environment"]
    ) throws -> [String] {
        var world = try World(bigBang: "254/00")
        world.cluster.append(Self.mesh("trustDomain: dod.example\n"))
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "valuesFrom"]] = values == nil ? [] : [source]
            if let inline { $0[path: ["spec", "values"]] = inline }
        }
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": "environment", "namespace": "bigbang"],
            "data": ["values.yaml": .string(values ?? "")],
        ])
        return world.findings(of: "P10", by: BigBangRunbook.self, in: .bigBang(parameters))
            .map { "\($0.severity) \($0.words)" }
    }

    private static func values(_ domain: String) -> String {
        """
        istio:
          values: {}
        istiod:
          enabled: false
          values:
            upstream:
              meshConfig:
                trustDomain: \(domain) # ours
        addons:
          trustDomain: other.example

        """
    }

    private let warning = "warn the trust domain is dod.example, which the new values have to say"

    @Test func `a trust domain of one's own has its values asked for it`() throws {
        #expect(try findings(values: nil) == [warning])
        #expect(try findings(values: "istiod:\n  enabled: false\n") == [warning])
        #expect(try findings(values: Self.values(#""dod.example""#)).isEmpty)
        #expect(
            try findings(values: Self.values("other.example")) == [
                "block the trust domain is dod.example, and the values of the new istiod say "
                    + "other.example"
            ])
        let allowing: [String: JSON] = ["allowNewTrustDomain": true]
        #expect(try findings(values: Self.values("other.example"), allowing).count == 1)
        #expect(
            try findings(values: Self.values("other.example"), allowing)
                .allSatisfy { $0.hasPrefix("warn") })
    }

    @Test func `inline values beat those of sources, and a Secret hides what was before it`()
        throws
    {
        let inline: JSON = [
            "istiod": ["values": ["upstream": ["meshConfig": ["trustDomain": "dod.example"]]]]
        ]
        #expect(try findings(values: Self.values("other.example"), inline: inline).isEmpty)
        let secret: JSON = ["kind": "Secret", "name": "environment"]
        #expect(try findings(values: Self.values("other.example"), source: secret) == [warning])
    }

    // MARK: - Behind the new gateways

    private func compared(
        _ before: String, _ after: String, _ parameters: [String: JSON] = [:],
        step: String = "compare-mesh"
    ) throws -> Observation {
        var world = try World(bigBang: "254/00")
        world.cluster.append(Self.mesh(before))
        world.run(world.commands(try BigBangRunbook.step("save-baseline")))
        let baseline = try #require(world.object("ConfigMap", Baseline.name, in: "bigbang"))
        world = try World(bigBang: "254/50")
        world.cluster.removeAll { $0.name == Baseline.name }
        world.cluster += [baseline, Self.mesh(after)]
        return world.observe(try BigBangRunbook.step(step, in: .bigBang(parameters)))
    }

    @Test func `another trust domain fails before any workload is restarted, unless it may`()
        throws
    {
        let (old, new) = ("trustDomain: dod.example\n", "trustDomain: cluster.local\n")
        let answer = try compared(old, new)
        #expect(answer.word == "failed terminal")
        #expect(
            answer.saying.hasPrefix("the trust domain was dod.example and is cluster.local now"))
        // Istio's own is what holds where nobody says anything.
        #expect(try compared(old, "rootNamespace: istio-system\n").word == "failed terminal")
        #expect(try compared(new, "rootNamespace: istio-system\n").word == "done")
        #expect(try compared(old, new, ["allowNewTrustDomain": true]).word == "done")
        let names = BigBangRunbook.steps(of: "takeover", in: .bigBang()).map(\.outline.name)
        let positions = ["gateways-up", "compare-mesh", "restart-workloads"]
            .compactMap(names.firstIndex)
        #expect(positions == positions.sorted() && positions.count == 3)
    }

    @Test(arguments: [
        "trustDomainAliases:\n- dod.example\n", "trustDomainAliases: [\"dod.example\"]\n",
    ])
    func `a domain of before that is an alias now is taken for the mesh's own`(aliases: String)
        throws
    {
        let after = "trustDomain: new.example\n" + aliases
        #expect(try compared("trustDomain: dod.example\n", after).word == "done")
    }

    @Test func `an alias that went is told`() throws {
        let before = "trustDomain: a.example\ntrustDomainAliases:\n- b.example\n- c.example\n"
        let answer = try compared(before, "trustDomain: a.example\ntrustDomainAliases: [c.example]")
        #expect(answer.word == "failed terminal")
        #expect(answer.saying.contains("b.example"))
        #expect(!answer.saying.contains("c.example"))
    }

    @Test func `another way out of the mesh is told, unless it may be`() throws {
        let before = "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n"
        let answer = try compared(before, "trustDomain: cluster.local\n")
        #expect(answer.word == "failed terminal")
        #expect(
            answer.saying.hasPrefix("outboundTrafficPolicy was REGISTRY_ONLY and is ALLOW_ANY now"))
        #expect(try compared(before, before).word == "done")
        let allowing: [String: JSON] = ["allowOutboundChange": true]
        #expect(try compared(before, "trustDomain: cluster.local\n", allowing).word == "done")
    }
}
