import FleetModel
import Testing

@testable import FleetLab

/// Which revision and version a pod runs: vectors p1 to p6 and g1 to g4 of the samples.
@Suite struct ProxyReaderTests {
    @Test(arguments: [
        ("sidecar-1.14-default-no-rev-annotation", "default", "1.14.5", false),
        ("sidecar-1.15-rev-1-15-hold-first", "1-15", "1.15.3-solo", false),
        ("sidecar-1.25-native", "default", "1.25.2", false),
        ("sidecar-1.28-native-rev", "1-28-0", "1.28.0", false),
        ("gateway-pod-operator-unrevisioned", "default", "1.14.5", true),
        ("gateway-pod-gloo-1-15", "1-15", "1.15.3-solo", true),
        ("gateway-pod-helm-bigbang", "default", "1.25.2", true),
        ("gateway-pod-helm-injected-by-old-istiod", "default", "1.23.6", true),
    ])
    func `a sample's proxy is read`(
        sample: String, revision: String, version: String, isGateway: Bool
    ) throws {
        let proxy = try #require(ProxyReader(try Fixture.load(sample)))
        #expect(proxy.revision == revision)
        #expect(proxy.version == version)
        #expect(proxy.isGateway == isGateway)
    }

    @Test(arguments: ["hostnetwork-not-injected", "inject-false"])
    func `a sample without a proxy has none`(sample: String) throws {
        #expect(ProxyReader(try Fixture.load(sample)) == nil)
    }
}
