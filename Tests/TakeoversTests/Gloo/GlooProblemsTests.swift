import FleetModel
import Testing

@testable import Takeovers

@Suite struct GlooProblemsTests {
    private func words(_ takeover: Takeover) -> [String] {
        GlooRunbook.problems(in: takeover).map(\.problem)
    }

    private func takeover(
        revision: Revision = "1-15", version: String = "1.15.3-solo", old: Revision = .unnamed,
        parameters: [String: JSON] = [:],
        manifests: [String: String] = Takeover.standardManifests
    ) -> Takeover {
        Takeover(
            name: "t", runbook: "gloo", revision: revision, version: version, oldRevision: old,
            parameters: parameters, manifests: manifests)
    }

    @Test func `a good takeover has no problem`() {
        #expect(words(.gloo()).isEmpty)
        let everything: [String: JSON] = [
            "trustDomain": "cluster.local", "namespaces": "relabel",
            "probeHold": "1m", "settle": "1h30m", "proofHold": "5s",
            "poll": "500ms", "first": ["a/b"],
            "last": [], "allowLeftBehind": true, "allowSkew": true, "waived": ["a/c"],
            "platform": "openshift",
            "gateways": "dns", "dns": "acknowledge", "ttl": "1m",
            "resolvers": ["10.0.0.53", "ns1.example", "2001:db8::53"],
            "testNamespace": "trial", "testTraffic": false, "probeErrors": "5%",
            "failedRollout": "leave", "clearFinalizers": ["istiooperators"],
            "analysis": "warn",
            "probes": ["https://shop.example.com/"], "removeNamespaces": ["istio-operator"],
            "removeGateways": ["istio-system/istio-egressgateway"],
            "askIstiod": true,
            "testImage": "example/petstore", "clientImage": "example/curl",
        ]
        #expect(Set(everything.keys) == Set(GlooParameter.table.names))
        let takeover = takeover(
            parameters: everything, manifests: Takeover.openShiftManifests)
        #expect(words(takeover).isEmpty)
    }

    @Test(arguments: [
        (
            "settle", JSON.int(20),
            #"parameter "settle" should be a duration such as "20s" or "1m", got: 20"#
        ),
        (
            "settle", "20",
            #"parameter "settle" should be a duration such as "20s" or "1m", got: "20""#
        ),
        ("first", "a/b", #"parameter "first" should be a list of "namespace/name", got: "a/b""#),
        (
            "allowLeftBehind", "yes",
            #"parameter "allowLeftBehind" should be true or false, got: "yes""#
        ),
        (
            "gateways", "keep",
            #"parameter "gateways" should be "none" or "dns", got: "keep""#
        ),
        ("testImage", "", #"parameter "testImage" should be a text, got: """#),
        (
            "testNamespace", "istio-system",
            #"parameter "testNamespace" should be a namespace of its own, got: "istio-system""#
        ),
        ("settel", "20s", #"there is no parameter "settel""#),
    ])
    func `a parameter of the wrong form is named with what it should be`(
        name: String, value: JSON, words: String
    ) {
        let problems = GlooRunbook.problems(in: takeover(parameters: [name: value]))
        #expect(problems.map(\.problem) == [words])
        #expect(problems.map(\.subject) == [.parameter(name)])
    }

    @Test func `a manifest of another trust domain than the takeover's is refused`() {
        var manifest = Takeover.controlPlaneManifest
        var installation = manifest.spec.items("installations")[0]
        installation[path: ["istioOperatorSpec", "meshConfig", "trustDomain"]] = "edge"
        manifest[path: ["spec", "installations"]] = [installation]
        let manifests = ["controlPlane": manifest.description]
        let words =
            #"istioOperatorSpec.meshConfig.trustDomain should be "old.example", got: "edge""#
        let problems = { (parameters: [String: JSON]) in
            self.words(self.takeover(parameters: parameters, manifests: manifests))
        }
        #expect(problems(["trustDomain": "old.example"]) == [words])
        #expect(problems(["trustDomain": "edge"]).isEmpty)
        #expect(problems([:]).isEmpty)
    }

    @Test(arguments: [["namespace"], ["values", "global", "istioNamespace"]])
    func `a control plane outside istio-system is refused`(path: [String]) {
        var manifest = Takeover.controlPlaneManifest
        var installation = manifest.spec.items("installations")[0]
        let problems = { (place: JSON?) in
            installation[path: ["istioOperatorSpec"] + path] = place
            manifest[path: ["spec", "installations"]] = [installation]
            return self.words(self.takeover(manifests: ["controlPlane": manifest.description]))
        }
        let words =
            "istioOperatorSpec.\(path.joined(separator: ".")) should be \"istio-system\", "
            + #"got: "mesh""#
        #expect(problems("mesh") == [words])
        #expect(problems("istio-system").isEmpty && problems(nil).isEmpty)
    }

    @Test(arguments: [
        Revision("1.15"), "Canary", "", "-1", "auto", Revision(String(repeating: "a", count: 64)),
    ])
    func `a revision that cannot be part of a name is refused`(revision: Revision) {
        let problems = GlooRunbook.problems(in: takeover(revision: revision, manifests: [:]))
        #expect(problems.contains { $0.subject == .revision })
    }

    @Test func `the new revision is not the old one`() {
        let problems = GlooRunbook.problems(in: takeover(old: "1-15"))
        #expect(problems.map(\.problem) == [#"revision "1-15" is the old one's too"#])
    }

    @Test func `a version that is not Solo's is refused, as is a manifest with another`() {
        let problems = GlooRunbook.problems(in: takeover(version: "1.15.3"))
        let tag = ["spec", "installations", "0", "istioOperatorSpec", "tag"]
        #expect(
            problems.map(\.subject) == [
                .version, .content("controlPlane", tag), .content("eastWestGateway", tag),
            ])
        #expect(
            problems.last?.problem
                == #"istioOperatorSpec.tag should be "1.15.3", got: "1.15.3-solo""#)
    }

    @Test func `the control plane's manifest has to be there, and no unknown one`() {
        let problems = GlooRunbook.problems(in: takeover(manifests: ["egress": "{}"]))
        #expect(problems.map(\.subject) == [.manifest("egress"), .manifest("controlPlane")])
    }

    @Test func `a default revision from the start is refused`() {
        var manifest = Takeover.controlPlaneManifest
        var installation = manifest.spec.items("installations")[0]
        installation["clusters"] = [["name": "cluster-1", "defaultRevision": true]]
        manifest[path: ["spec", "installations"]] = .array([installation])
        let takeover = takeover(manifests: ["controlPlane": manifest.description])
        #expect(
            words(takeover) == [
                "defaultRevision should be false for cluster-1: a takeover begins without it"
            ])
        let place = ["spec", "installations", "0", "clusters", "0", "defaultRevision"]
        #expect(
            GlooRunbook.problems(in: takeover).map(\.subject) == [.content("controlPlane", place)])
    }

    @Test func `a status port that is not the first is refused`() {
        let text = Takeover.gatewayManifest("ingress").description
            .replacing("status-port", with: "x").replacing(
                #""name":"tls""#, with: #""name":"status-port""#)
        var manifests = Takeover.standardManifests
        manifests["ingressGateway"] = text
        #expect(
            words(takeover(manifests: manifests)) == [
                #"istio-ingressgateway: the first port should be "status-port", got: "x""#
            ])
    }

    @Test(arguments: ["", "[]", "{}", #"{"kind":"GatewayLifecycleManager"}"#])
    func `what is no lifecycle manager is refused`(text: String) {
        let problems = words(takeover(manifests: ["controlPlane": text]))
        #expect(problems == ["it should be one IstioLifecycleManager"])
    }

    @Test func `a manifest for another revision is refused`() {
        let text = Takeover.controlPlaneManifest.description.replacing("1-15", with: "1-16")
        #expect(
            words(takeover(manifests: ["controlPlane": text])) == [
                #"no installation has revision "1-15""#
            ])
    }

    @Test(arguments: [
        ("90s", 90_000), ("1h30m", 5_400_000), ("500ms", 500), ("2d", 172_800_000), ("0s", 0),
    ])
    func `a duration is numbers with units`(text: String, milliseconds: Int64) {
        #expect(Duration(text: text)?.inMilliseconds == milliseconds)
    }

    @Test(arguments: ["", "s", "10", "1.5s", "-1s", "1 s", "9999999999999999999s", "400d", "1y"])
    func `anything else is no duration`(text: String) {
        #expect(Duration(text: text) == nil)
    }
}
