import FleetModel
import Testing

@testable import Takeovers

@Suite struct ProxyTests {
    @Test(arguments: [
        ("sidecar-1.14-default-no-rev-annotation", "default", "1.14.5", false),
        ("sidecar-1.15-rev-1-15-hold-first", "1-15", "1.15.3-solo", false),
        ("sidecar-1.23-cni", "default", "1.23.6", false),
        ("sidecar-1.23-default", "default", "1.23.6", false),
        ("sidecar-1.25-native", "default", "1.25.2", true),
        ("sidecar-1.28-native-rev", "1-28-0", "1.28.0", true),
    ])
    func `a sidecar's revision and version are read from its pod`(
        sample: String, revision: String, version: String, isNative: Bool
    ) throws {
        let proxy = try #require(Proxy(of: try Fixture.sample(sample, in: "pods")))
        #expect(proxy.kind == .sidecar)
        #expect(proxy.revision == Revision(revision))
        #expect(proxy.version == version)
        #expect(proxy.isNative == isNative)
    }

    @Test(arguments: ["hostnetwork-not-injected", "inject-false", "not-injected", "ambient"])
    func `a pod without a sidecar has no proxy`(sample: String) throws {
        #expect(Proxy(of: try Fixture.sample(sample, in: "pods")) == nil)
    }

    @Test(arguments: [
        ("pod-operator-unrevisioned", "default", "1.14.5", Proxy.Source.annotation),
        ("pod-gloo-1-15", "1-15", "1.15.3-solo", .annotation),
        ("pod-helm-bigbang", "default", "1.25.2", .status),
        ("pod-helm-injected-by-old-istiod", "default", "1.23.6", .status),
    ])
    func `a gateway's revision says where it was read`(
        sample: String, revision: String, version: String, source: Proxy.Source
    ) throws {
        let proxy = try #require(Proxy(of: try Fixture.sample(sample, in: "gateways")))
        #expect(proxy.kind == .gateway)
        #expect(proxy.revision == Revision(revision))
        #expect(proxy.version == version)
        #expect(proxy.source == source)
    }

    @Test(arguments: [
        ("istiod.istio-system.svc:15012", Revision.unnamed),
        ("istiod-1-15.istio-system.svc:15012", "1-15"),
        ("istiod", nil), ("istiod-.istio-system", nil), ("pilot.istio-system.svc", nil), ("", nil),
    ])
    func `the address of the control plane tells the revision when nothing else does`(
        address: String, revision: Revision?
    ) {
        let container: JSON = [
            "name": "istio-proxy", "image": "proxyv2:1.14.5",
            "env": [["name": "CA_ADDR", "value": .string(address)]],
        ]
        let proxy = Proxy(of: ["spec": ["containers": [container]]])
        #expect(proxy?.revision == revision)
        #expect(proxy?.source == (revision == nil ? nil : .caAddress))
    }

    @Test func `where both planes are revision default only the version tells them apart`()
        throws
    {
        let (old, new) = ("pod-helm-injected-by-old-istiod", "pod-helm-bigbang")
        let onNew = try [old, new].map {
            Proxy(of: try Fixture.sample($0, in: "gateways"))?.runs(.unnamed, version: "1.25.2")
        }
        #expect(onNew == [false, true])
    }

    @Test func `without an address of the CA the discovery address tells the revision`() {
        let container: JSON = [
            "name": "istio-proxy",
            "env": [
                [
                    "name": "PROXY_CONFIG",
                    "value": "{\"discoveryAddress\":\"istiod-1-15.istio-system.svc:15012\"}\n",
                ]
            ],
        ]
        #expect(Proxy(of: ["spec": ["containers": [container]]])?.revision == "1-15")
    }

    /// As Istio's chart renders it, with the revision `x` and without one.
    @Test(
        arguments: [
            (["istio.io/rev": "x"], [:], "istiod-x.istio-system.svc:15012", "x", .annotation),
            ([:], [:], "istiod.istio-system.svc:15012", "default", .caAddress),
            ([:], [:], "istiod-x.istio-system.svc:15012", "x", .caAddress),
            ([:], ["istio.io/rev": "y"], "istiod-x.istio-system.svc:15012", "x", .caAddress),
            ([:], ["istio.io/rev": "y"], "xds.example.com:15012", "y", .label),
            ([:], [:], "xds.example.com:15012", nil, nil),
        ] as [(JSON, JSON, String, Revision?, Proxy.Source?)])
    func `a ztunnel's revision is its annotation, else the address that it asks`(
        annotations: JSON, labels: JSON, address: String, revision: Revision?,
        source: Proxy.Source?
    ) {
        var pod: JSON = ["metadata": ["annotations": annotations, "labels": labels]]
        pod[path: ["metadata", "labels", "app"]] = "ztunnel"
        pod[path: ["spec", "containers"]] = [
            [
                "name": "istio-proxy", "args": ["proxy", "ztunnel"],
                "env": [
                    ["name": "CA_ADDRESS", "value": .string(address)],
                    ["name": "XDS_ADDRESS", "value": .string(address)],
                ],
            ]
        ]
        let proxy = Proxy(of: pod)
        #expect(proxy?.kind == .ztunnel)
        #expect(proxy?.revision == revision)
        #expect(proxy?.source == source)
    }

    @Test(arguments: [
        ("docker.io/istio/proxyv2:1.14.5", "1.14.5"), ("proxyv2", nil),
        ("localhost:5000/istio/proxyv2", nil), ("localhost:5000/proxyv2:1.25", "1.25"),
        ("r/proxyv2@sha256:abc", nil), ("r/proxyv2:1.25@sha256:abc", "1.25"), ("", nil),
    ])
    func `the version is the image's tag`(image: String, tag: String?) {
        #expect(imageTag(of: image) == tag)
    }

    @Test func `a flavour of the image is the same version, a longer version is not`() throws {
        let pod = { (tag: String) -> JSON in
            let container: JSON = ["name": "istio-proxy", "image": .string("proxyv2:\(tag)")]
            return [
                "metadata": ["annotations": ["istio.io/rev": "1-15"]],
                "spec": ["containers": [container]],
            ]
        }
        let runs = { (tag: String) in
            Proxy(of: pod(tag))?.runs("1-15", version: "1.15.3") ?? false
        }
        #expect(runs("1.15.3"))
        #expect(runs("1.15.3-distroless"))
        #expect(!runs("1.15.3-solo"))
        #expect(!runs("1.15.30"))
    }
}
