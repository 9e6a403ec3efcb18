import FleetModel
import Testing

@testable import Takeovers

/// The decision table of who injects, line by line, and what the injector itself says.
@Suite struct InjectionDecisionTests {
    private func injection(_ samples: String...) throws -> Injection {
        Injection(configurations: try samples.map { try Fixture.sample($0, in: "webhooks") })
    }

    private func oldAndNew() throws -> Injection {
        try injection("mwc-istio-sidecar-injector", "mwc-istio-sidecar-injector-1-15")
    }

    private func word(
        _ injection: Injection, _ labels: [String: String], _ pod: PodWishes = PodWishes(),
        namespace: String = "shop"
    ) -> String {
        switch injection.decision(namespace: namespace, labels: labels, pod: pod) {
        case .injected(let configuration): configuration.name
        case .declined(let refusal): "declined \(refusal)"
        case .unselected(let reason): "\(reason)"
        }
    }

    @Test(
        arguments: [
            ([:], [:], "notAsked"),
            (["istio-injection": "enabled"], [:], "istio-sidecar-injector"),
            (
                ["istio-injection": "enabled"], ["istio.io/rev": "1-15"],
                "istio-sidecar-injector"
            ),
            (["istio.io/rev": "1-15"], [:], "istio-sidecar-injector-1-15"),
            (["istio.io/rev": "prod"], [:], "nobodyAnswers(to: \"prod\")"),
            (["istio.io/rev": "default"], [:], "istio-sidecar-injector"),
            (
                ["istio-injection": "enabled", "istio.io/rev": "1-15"], [:],
                "istio-sidecar-injector"
            ),
            (["istio-injection": "disabled"], [:], "refused"),
            (["istio-injection": "disabled", "istio.io/rev": "1-15"], [:], "refused"),
            ([:], ["istio.io/rev": "1-15"], "istio-sidecar-injector-1-15"),
            ([:], ["sidecar.istio.io/inject": "true"], "istio-sidecar-injector"),
            (["istio-injection": "enabled"], ["sidecar.istio.io/inject": "false"], "refused"),
            (["istio.io/dataplane-mode": "ambient"], [:], "ambient"),
        ] as [([String: String], [String: String], String)])
    func `labels of namespace and pod decide`(
        namespace: [String: String], pod: [String: String], word: String
    ) throws {
        #expect(self.word(try oldAndNew(), namespace, PodWishes(labels: pod)) == word)
    }

    @Test func `an injector that is called may decline`() throws {
        let (injection, enabled) = (try oldAndNew(), ["istio-injection": "enabled"])
        let host = PodWishes(isHostNetwork: true)
        #expect(word(injection, enabled, host) == "declined hostNetwork")
        #expect(
            word(injection, enabled, namespace: "kube-system") == "declined systemNamespace")
        let annotation = PodWishes(annotations: ["sidecar.istio.io/inject": "false"])
        #expect(word(injection, enabled, annotation) == "declined annotation")
    }

    @Test func `a label is stronger than the annotation of its name`() throws {
        let pod = PodWishes(
            labels: ["sidecar.istio.io/inject": "true"],
            annotations: ["sidecar.istio.io/inject": "false"])
        #expect(
            word(try oldAndNew(), ["istio-injection": "enabled"], pod)
                == "istio-sidecar-injector")
    }

    @Test func `where nobody is the default the wish for one stays unanswered`() throws {
        let injection = try injection("mwc-istio-sidecar-injector-1-15")
        #expect(
            word(injection, ["istio-injection": "enabled"]) == "nobodyAnswers(to: \"default\")")
    }

    @Test func `a pod's own fields are its wishes`() throws {
        let pod = try Fixture.sample("hostnetwork-not-injected", in: "pods")
        #expect(PodWishes(of: pod).isHostNetwork)
        let refusing = try Fixture.sample("inject-false", in: "pods")
        #expect(PodWishes(of: refusing).labels["sidecar.istio.io/inject"] == "false")
    }

    @Test func `of all active defaults the last acts, and a deactivated one is none`() throws {
        let two = try injection(
            "mwc-istio-sidecar-injector", "mwc-istio-revision-tag-default-to-1-15",
            "mwc-istio-sidecar-injector-1-15")
        #expect(
            two.activeDefaults.map(\.name) == [
                "istio-revision-tag-default", "istio-sidecar-injector",
            ])
        let one = try injection(
            "mwc-istio-sidecar-injector-deactivated", "mwc-istio-revision-tag-default-to-1-15")
        #expect(one.activeDefaults.map(\.name) == ["istio-revision-tag-default"])
    }

    @Test func `tags name the revision they stand for and the istiod they call`() throws {
        let injection = try injection(
            "mwc-istio-revision-tag-prod-stable-to-1-15", "mwc-istio-sidecar-injector-1-15",
            "mwc-istio-revision-tag-default-to-1-15")
        #expect(injection.tags.map(\.name) == ["default", "prod-stable"])
        #expect(injection.tags.map(\.revision) == ["1-15", "1-15"])
        #expect(injection.tags.map(\.service) == ["istiod-1-15", "istiod-1-15"])
        #expect(injection.configurations.allSatisfy(RevisionTag.isConsistent))
    }

    @Test func `a tag whose webhooks call another istiod contradicts itself`() throws {
        var object = try Fixture.sample("mwc-istio-revision-tag-default-to-1-15", in: "webhooks")
        object[path: ["metadata", "labels", "istio.io/rev"]] = "1-16"
        let configuration = try #require(InjectorConfiguration(object))
        #expect(!RevisionTag.isConsistent(configuration))
    }

    @Test func `validators say whom they call and whether they let all through`() throws {
        let own = try #require(
            ValidatorConfiguration(
                try Fixture.sample("vwc-istio-validator-1-15-istio-system", in: "webhooks")))
        #expect(own.services == ["istio-system/istiod-1-15"])
        #expect(own.failsClosed && !own.isDefault)
        let common = ValidatorConfiguration(
            try Fixture.sample("vwc-istiod-default-validator", in: "webhooks"))
        #expect(common?.isDefault == true)
        let fresh = ValidatorConfiguration(
            try Fixture.sample("vwc-failure-policy-still-ignore", in: "webhooks"))
        #expect(fresh?.failsClosed == false)
        #expect(ValidatorConfiguration(["metadata": ["name": "policy"]]) == nil)
    }
}
