import FleetModel
import Testing

@testable import Takeovers

@Suite struct WebhookHealthTests {
    private let services: [JSON] = [
        ["metadata": ["name": "istiod", "namespace": "istio-system"]]
    ]

    private func endpoints(ready: Bool) -> Endpoints {
        let endpoint: JSON = ["conditions": ["ready": .bool(ready)]]
        let labels: JSON = ["kubernetes.io/service-name": "istiod"]
        return Endpoints(slices: [
            [
                "metadata": ["namespace": "istio-system", "labels": labels],
                "endpoints": [endpoint],
            ]
        ])
    }

    private func complaints(
        _ sample: String, services: [JSON], ready: Bool = true
    ) throws -> [String] {
        WebhookHealth.complaints(
            configurations: [try Fixture.sample(sample, in: "webhooks")], services: services,
            endpoints: endpoints(ready: ready))
    }

    @Test func `a webhook whose Service has ready endpoints is well`() throws {
        #expect(try complaints("mwc-istio-sidecar-injector", services: services).isEmpty)
    }

    @Test func `a webhook whose Service is gone stops every pod`() throws {
        let words = try complaints("vwc-istiod-default-validator", services: [])
        #expect(words.count == 1)
        #expect(words.first?.contains("which is gone") == true)
    }

    @Test func `a webhook without a ready endpoint stops every pod`() throws {
        let words = try complaints("mwc-istio-sidecar-injector", services: services, ready: false)
        #expect(words.first?.contains("no ready endpoint") == true)
    }

    @Test func `a deactivated webhook may point nowhere`() throws {
        let words = try complaints("mwc-istio-sidecar-injector-deactivated", services: [])
        #expect(words.isEmpty)
    }

    @Test func `somebody else's webhook is not ours to judge`() {
        let other: JSON = [
            "metadata": ["name": "policy-engine"],
            "webhooks": [["clientConfig": ["service": ["name": "x", "namespace": "y"]]]],
        ]
        let words = WebhookHealth.complaints(
            configurations: [other], services: [], endpoints: endpoints(ready: true))
        #expect(words.isEmpty)
    }
}
