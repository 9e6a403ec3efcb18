import FleetModel
import Testing

@testable import Takeovers

@Suite struct InjectionTests {
    /// Configurations by the letter the table uses for them.
    private func injection(_ letters: String) throws -> Injection {
        let files: [Character: String] = [
            "D": "mwc-istio-sidecar-injector", "R": "mwc-istio-sidecar-injector-1-15",
            "T": "mwc-istio-revision-tag-default-to-1-15",
            "P": "mwc-istio-revision-tag-prod-stable-to-1-15",
            "X": "mwc-istio-sidecar-injector-deactivated",
        ]
        let objects = try letters.compactMap { files[$0] }
            .map { try Fixture.sample($0, in: "webhooks") }
        return Injection(configurations: objects.reversed())
    }

    static let enabled = ["istio-injection": "enabled"]
    static let revision = ["istio.io/rev": "1-15"]
    static let both = ["istio-injection": "enabled", "istio.io/rev": "1-15"]
    static let tagged = ["istio.io/rev": "prod-stable"]

    @Test(
        arguments: [
            ("DR", enabled, [:], ["istio-sidecar-injector"]),
            ("DR", revision, [:], ["istio-sidecar-injector-1-15"]),
            ("DR", both, [:], ["istio-sidecar-injector"]),
            ("DR", enabled, revision, ["istio-sidecar-injector"]),
            ("DR", [:], revision, ["istio-sidecar-injector-1-15"]),
            ("DR", [:], ["sidecar.istio.io/inject": "true"], ["istio-sidecar-injector"]),
            ("DR", revision, ["sidecar.istio.io/inject": "false"], []),
            ("DRT", enabled, [:], ["istio-revision-tag-default", "istio-sidecar-injector"]),
            ("XRT", enabled, [:], ["istio-revision-tag-default"]),
            ("DR", ["istio-injection": "disabled", "istio.io/rev": "1-15"], [:], []),
            ("DRP", tagged, [:], ["istio-revision-tag-prod-stable"]),
            ("DR", tagged, [:], []),
            ("R", [:], ["sidecar.istio.io/inject": "true"], []),
            ("DR", [:], [:], []),
            (
                "DRT", ["istio.io/rev": "default"], [:],
                ["istio-revision-tag-default", "istio-sidecar-injector"]
            ),
        ] as [(String, [String: String], [String: String], [String])])
    func `the injectors called are those of the decision table, in the order of their names`(
        letters: String, namespace: [String: String], pod: [String: String], names: [String]
    ) throws {
        let called = try injection(letters).called(namespaceLabels: namespace, podLabels: pod)
        #expect(called.map(\.name) == names)
    }

    @Test func `of two default injectors the old one has the last word`() throws {
        let acting = try injection("DRT").acting(namespaceLabels: Self.enabled)
        #expect(acting?.revision == .unnamed)
        #expect(acting?.webhooks.first?.service.name == "istiod")
    }

    @Test func `a deactivated injector is no default injector any more`() throws {
        #expect(try injection("DRT").defaultInjectors(of: .unnamed).count == 1)
        #expect(try injection("XRT").defaultInjectors(of: .unnamed).isEmpty)
    }

    @Test func `the tag default points to a revision without being its own injector`() throws {
        let injection = try injection("DRT")
        #expect(injection.defaultTag?.revision == "1-15")
        #expect(injection.own("1-15")?.name == "istio-sidecar-injector-1-15")
    }

    @Test func `an injector without a caBundle is not ready to be called`() throws {
        let fresh = try Fixture.sample("mwc-1-15-without-caBundle-yet", in: "webhooks")
        #expect(InjectorConfiguration(fresh)?.hasCertificates == false)
        #expect(try injection("D").configurations[0].hasCertificates)
    }

    @Test func `a selector that is not understood selects nothing`() throws {
        var object = try Fixture.sample("mwc-istio-sidecar-injector", in: "webhooks")
        let odd: JSON = ["matchExpressions": [["key": "x", "operator": "Gt", "values": ["1"]]]]
        let webhooks = object.items("webhooks").map { webhook in
            var webhook = webhook
            webhook["namespaceSelector"] = odd
            return webhook
        }
        object["webhooks"] = .array(webhooks)
        let injection = Injection(configurations: [object])
        #expect(injection.called(namespaceLabels: Self.enabled).isEmpty)
    }
}
