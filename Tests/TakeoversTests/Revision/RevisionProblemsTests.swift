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
            ("install", JSON.string("sail"), #"parameter "install" should be "helm", got: "sail""#),
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

    @Test func `an unrevisioned installation is none of this runbook's`() {
        #expect(
            words(.revision(old: .unnamed))
                == [#"the runbook "revision" needs an old revision with a name"#])
    }
}
