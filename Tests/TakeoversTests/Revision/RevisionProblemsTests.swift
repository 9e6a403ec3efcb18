import FleetModel
import Testing

@testable import Takeovers

@Suite struct RevisionProblemsTests {
    private func words(_ takeover: Takeover) -> [String] {
        RevisionRunbook.problems(in: takeover).map(\.problem)
    }

    @Test func `a good takeover has no problem`() {
        #expect(words(.revision()).isEmpty)
        let parameters: [String: JSON] = [
            "install": "helm", "chartVersion": "1.25.2",
            "charts": ["istiod": "oci://example/istiod", "gateway": "./gateway"],
            "gateways": ["istio-ingress/istio-ingress"], "namespaces": "relabel",
            "pending": "recover", "oldRelease": "istiod", "settle": "5s",
        ]
        let values = JSON.object(["global": ["tag": "1.25.2"]]).description
        #expect(
            words(.revision(parameters: parameters, manifests: ["istiod": values])).isEmpty)
    }

    @Test(
        arguments: [
            (
                "install", JSON.string("sail"),
                #"parameter "install" should be "helm" or "istioctl", got: "sail""#
            ),
            (
                "charts", ["istiod": "x", "waypoint": "y"],
                #"parameter "charts" should be texts under "base", "istiod", "cni", "ztunnel", "#
                    + #""gateway", got: {"istiod":"x","waypoint":"y"}"#
            ),
            ("charts", [:], #"the parameter "charts" names no chart istiod"#),
            (
                "gateways", ["istio-ingress"], #"the parameter "charts" names no chart gateway"#
            ),
            (
                "charts", ["istiod": "--post-renderer=/bin/sh"],
                #"parameter "charts" should begin with no dash"#
            ),
            ("agents", ["cni": "istio-cni"], #""istio-cni" is no release of an agent"#),
            ("chartVersion", "-f", #"parameter "chartVersion" should begin with no dash"#),
            ("oldRelease", "-A", #"parameter "oldRelease" should be a DNS label"#),
            ("chart", "x", #"there is no parameter "chart""#),
        ] as [(String, JSON, String)])
    func `a parameter of the wrong form is named`(name: String, value: JSON, problem: String) {
        let takeover = Takeover.revision(parameters: [name: value])
        if name == "gateways" {
            #expect(words(takeover) == [#""istio-ingress" is no release of a gateway"#])
        } else {
            #expect(words(takeover) == [problem])
        }
    }

    @Test(
        arguments: [
            (["revision": "1-25-2"], #"it should leave "revision" to the runbook"#),
            (["revisionTags": ["x"]], #"it should leave "revisionTags" to the runbook"#),
            (["global": ["tag": "1.24.0"]], #"global.tag should be "1.25.2", got: "1.24.0""#),
            (
                ["global": ["istioNamespace": "mesh"]],
                #"global.istioNamespace should be "istio-system", got: "mesh""#
            ),
        ] as [(JSON, String)])
    func `values that contradict the takeover are refused`(values: JSON, problem: String) {
        #expect(words(.revision(manifests: ["istiod": values.description])) == [problem])
    }

    @Test func `istioctl takes a profile that brings an istiod and nothing else`() {
        #expect(words(.istioctl()).isEmpty)
        let components: JSON = [
            "ingressGateways": [["name": "istio-ingressgateway", "enabled": false]],
            "cni": ["enabled": false],
        ]
        #expect(words(.istioctl(spec: ["profile": "empty", "components": components])).isEmpty)
    }

    @Test(
        arguments: [
            ([:], #"profile "default" brings more than an istiod"#),
            (["profile": "demo"], #"profile "demo" brings more than an istiod"#),
            (
                ["profile": "minimal", "revision": "1-25-2"],
                #"it should leave "spec.revision" to the runbook"#
            ),
            (
                ["profile": "minimal", "tag": "1.25.1"],
                #"spec.tag should be "1.25.2", got: "1.25.1""#
            ),
            (
                ["profile": "minimal", "components": ["egressGateways": [["name": "x"]]]],
                #"component "egressGateways" is one for all revisions, and would change at once"#
            ),
            (
                ["profile": "minimal", "components": ["cni": ["enabled": true]]],
                #"component "cni" is one for all revisions, and would change at once"#
            ),
        ] as [(JSON, String)])
    func `a profile that would change what both share is refused`(spec: JSON, problem: String) {
        #expect(words(.istioctl(spec: spec)) == [problem])
    }

    @Test func `a mistake in a profile or in values is placed where it was written`() {
        let subjects = { (takeover: Takeover) in
            RevisionRunbook.problems(in: takeover).map(\.subject)
        }
        #expect(
            subjects(.istioctl(spec: ["profile": "minimal", "tag": "1.25.1"]))
                == [.content("profile", ["spec", "tag"])])
        let values = JSON.object(["global": ["tag": "1.24.0"]]).description
        #expect(
            subjects(.revision(manifests: ["istiod": values]))
                == [.content("istiod", ["global", "tag"])])
    }

    @Test func `what belongs to one way is refused by the other`() {
        var takeover = Takeover.istioctl()
        takeover.parameters["oldRelease"] = "istiod"
        takeover.manifests["istiod"] = "{}"
        #expect(
            words(takeover) == [
                #"the parameter "oldRelease" is for `install: helm` alone"#,
                "`install: istioctl` takes no such manifest",
            ])
        takeover.manifests = [:]
        takeover.parameters["oldRelease"] = nil
        #expect(words(takeover) == [#"the manifest "profile" is missing"#])
        #expect(
            words(.revision(manifests: ["profile": "{}"]))
                == ["`install: helm` takes no such manifest"])
    }
}
