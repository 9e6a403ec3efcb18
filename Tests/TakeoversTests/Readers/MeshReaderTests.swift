import FleetModel
import Testing

@testable import Takeovers

@Suite struct MeshReaderTests {
    @Test(
        arguments: [
            ("service-pending", nil), ("service-ip", "34.150.235.221"),
            ("service-hostname", "a1b2c3d4e5f6-1234567890.us-gov-west-1.elb.amazonaws.com"),
        ] as [(String, String?)])
    func `a load balancer's address is an IP, a host name, or not there yet`(
        sample: String, address: String?
    ) throws {
        #expect(try Fixture.sample(sample, in: "gateways").loadBalancerAddress == address)
    }

    @Test func `endpoints are counted when they are ready`() throws {
        let ready = Endpoints(slices: [try Fixture.sample("endpointslice-ready", in: "gateways")])
        let none = Endpoints(
            slices: [try Fixture.sample("endpointslice-selected-none", in: "gateways")])
        #expect(ready.ready("istio-ingressgateway", in: "gloo-mesh-gateways") == 1)
        #expect(
            ready.pods("istio-ingressgateway", in: "gloo-mesh-gateways")
                == ["istio-ingressgateway-1-15-77d5f76bc8-j6qkp"])
        #expect(none.ready("istio-ingressgateway", in: "gloo-mesh-gateways") == 0)
    }

    @Test func `roots are compared certificate by certificate`() throws {
        let (a, b, both) = (try roots("a"), try roots("b"), try roots("both"))
        #expect(a != b)
        #expect(both.isSuperset(of: a) && both.isSuperset(of: b))
        #expect(both.certificates == a.certificates.union(b.certificates))
        #expect(!a.isSuperset(of: b))
    }

    @Test func `a fingerprint is that of openssl, over the certificate itself`() throws {
        let a = "c12583481736c8d7fbdfaf3f5c11b848ef1504d445067c55026127791ee24ef5"
        let b = "ca18fce390710fc5700f5d49beae8bbe116674b35742acceb8e870f01559cc29"
        #expect(try roots("a").fingerprints == [a])
        #expect(try roots("both").fingerprints == [a, b])
        #expect(RootCertificates(pem: "").fingerprints == [])
    }

    @Test(
        arguments: [
            ("", []), ("Zg==", [0x66]), ("Zm8=", [0x66, 0x6F]), ("Zm9v", [0x66, 0x6F, 0x6F]),
            ("+/+/", [0xFB, 0xFF, 0xBF]), ("Zg", nil), ("Z===", nil), ("====", nil),
            ("Zm9\u{e9}", nil), ("Z=9v", nil), ("Zm 9", nil),
        ] as [(String, [UInt8]?)])
    func `base 64 is read as RFC 4648 has it`(text: String, bytes: [UInt8]?) {
        #expect(base64Decoded(text) == bytes)
    }

    private func roots(_ name: String) throws -> RootCertificates {
        try #require(RootCertificates(configMap: try Fixture.sample(name, in: "roots")))
    }

    @Test func `line breaks and a cut-off certificate do not count`() {
        let begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----"
        let split = RootCertificates(pem: "\(begin)\r\nab\r\ncd\r\n\(end)\r\n\(begin)\nef")
        #expect(split.certificates == ["abcd"])
    }

    @Test func `a namespace with other roots than istio-system is named`() throws {
        var strange = try Fixture.sample("b", in: "roots")
        strange[path: ["metadata", "namespace"]] = "shop"
        var usual = try Fixture.sample("a", in: "roots")
        usual[path: ["metadata", "namespace"]] = "istio-system"
        #expect(RootCertificates.dissenters(among: [strange, usual]) == ["shop"])
    }

    @Test(arguments: [
        ("configmap-istio", "cluster.local"), ("configmap-istio-1-15", "cluster-1"),
    ])
    func `the trust domain stands in the mesh configuration`(sample: String, domain: String) throws
    {
        let map = try Fixture.sample(sample, in: "controlplane")
        #expect(TrustDomain.of(meshConfigMap: map) == domain)
    }

    @Test(arguments: [
        ("trustDomain: \"example.org\"  # ours\n", "example.org"), ("a: b\n", "cluster.local"),
        ("  trustDomain: nested\n", "cluster.local"), ("trustDomain:\n", "cluster.local"),
        (#"{"rootNamespace":"a","trustDomain":"edge"}"#, "edge"), ("{}", "cluster.local"),
        (#"{"defaultConfig":{"trustDomain":"nested"}}"#, "cluster.local"),
    ])
    func `quotes and comments are not part of the trust domain`(mesh: String, domain: String) {
        let map: JSON = ["data": ["mesh": .string(mesh)]]
        #expect(TrustDomain.of(meshConfigMap: map) == domain)
    }

    @Test(arguments: [
        "trustDomainAliases:\n- a\n- \"b\" # theirs\nx: y\n", "trustDomainAliases: [a, 'b']\n",
        #"{"trustDomainAliases":["a","b"]}"#,
    ])
    func `other trust domains that a mesh takes for its own are a list`(mesh: String) {
        let map: JSON = ["data": ["mesh": .string(mesh)]]
        #expect(TrustDomain.aliases(meshConfigMap: map) == ["a", "b"])
        #expect(TrustDomain.aliases(meshConfigMap: ["data": ["mesh": "x: y\n"]]).isEmpty)
    }

    @Test func `a running proxy knows its trust domain too`() throws {
        let pod = try Fixture.sample("sidecar-1.14-default-no-rev-annotation", in: "pods")
        #expect(TrustDomain.of(proxyIn: pod) == "cluster.local")
        #expect(TrustDomain.of(proxyIn: try Fixture.sample("not-injected", in: "pods")) == nil)
    }

    @Test(
        arguments: [
            ("plain", .none), ("bookinfo", .byDefault), ("petstore", .named("1-15")),
            ("tagged", .named("prod-stable")), ("conflict", .byDefault), ("off", .refused),
            ("revdefault", .named(.unnamed)), ("ambient", .ambient), ("istio-system", .refused),
        ] as [(String, MeshNamespace.Selection)])
    func `a namespace's labels ask for one thing`(
        name: String, selection: MeshNamespace.Selection
    ) throws {
        let list = try Fixture.sample("list", in: "namespaces").items("items")
        let namespace = try #require(list.first { $0.name == name }.map(MeshNamespace.init))
        #expect(namespace.selection == selection)
        #expect(
            namespace.isDefaultInjected == ["bookinfo", "conflict", "revdefault"].contains(name))
        #expect(namespace.hasBothLabels == (name == "conflict"))
        #expect(namespace.isActive)
    }

    @Test func `a namespace on its way out is not active`() throws {
        let name = "terminating-stuck-on-istiooperator"
        #expect(!MeshNamespace(try Fixture.sample(name, in: "namespaces")).isActive)
    }

    @Test func `of the IstioOperators only the unmanaged ones of the revision are the old ones`()
        throws
    {
        let list = try Fixture.sample("list-before-takeover", in: "istiooperators")
        let managed = try Fixture.sample("gm-iop-healthy", in: "istiooperators")
        let ignored = try Fixture.sample("installed-state-ignored", in: "istiooperators")
        let old = IstioOperatorResource.unmanaged(
            list.items("items") + [managed, ignored], of: .unnamed)
        #expect(old.map(\.object.name) == ["control-plane", "eastwest-gateway", "ingress-gateway"])
        #expect(old.map(\.isControlPlane) == [true, false, false])
    }

    @Test func `an IstioOperator's complaint names the component`() throws {
        let stuck = IstioOperatorResource(
            try Fixture.sample("action-required-proxies-left", in: "istiooperators"))
        #expect(stuck.state == "ACTION_REQUIRED")
        #expect(
            stuck.errors == ["Pilot: there are proxies still pointing to the pruned control plane"])
        #expect(stuck.revision == "1-14")
    }

    @Test(arguments: [
        ("gm-iop-healthy", "HEALTHY", 0), ("reconciling", "RECONCILING", 0), ("error", "ERROR", 1),
        ("bigbang-istiocontrolplane-healthy", "HEALTHY", 0),
    ])
    func `an IstioOperator says how it stands`(sample: String, state: String, errors: Int) throws {
        let resource = IstioOperatorResource(try Fixture.sample(sample, in: "istiooperators"))
        #expect(resource.state == state)
        #expect((resource.errors.isEmpty) == (errors == 0))
        #expect(!resource.object.isTerminating)
    }

    @Test func `an IstioOperator may be healthy and on its way out`() throws {
        let name = "bigbang-istiocontrolplane-terminating"
        let resource = IstioOperatorResource(try Fixture.sample(name, in: "istiooperators"))
        #expect(resource.object.isTerminating)
    }

    @Test(arguments: [
        ("istiod-1-15-gloo", "1-15", "1.15.3-solo", true),
        ("istiod-1-15-not-ready", "1-15", "1.15.3-solo", false),
        ("istiod-default-1.14.5-operator", "default", "1.14.5", true),
    ])
    func `an istiod says its revision, version and state`(
        sample: String, revision: String, version: String, isDone: Bool
    ) throws {
        let plane = try #require(
            ControlPlane(try Fixture.sample(sample, in: "controlplane")))
        #expect(plane.revision == Revision(revision))
        #expect(plane.version == version)
        #expect(plane.rollout.isDone == isDone)
    }
}
