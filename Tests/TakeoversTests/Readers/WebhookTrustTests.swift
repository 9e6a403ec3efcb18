import FleetModel
import Testing

@testable import Takeovers

/// Why an API server does not believe an injector.
@Suite struct WebhookTrustTests {
    private let refusal =
        #"failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: "#
        + #"Post "https://istiod.istio-system.svc:443/inject?timeout=10s": tls: failed to verify "#
        + "certificate: x509: certificate signed by unknown authority"

    private let strange = "; its caBundle is not the mesh's root"
    private let known =
        "; its caBundle is the mesh's root, so the certificate of istio-system/istiod is another's"

    /// `AAAA` and `BBBB` between the lines that a certificate has around it, in base 64.
    private let bundles = [
        "AAAA": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
        "BBBB": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkJCQkIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
    ]

    private func hint(_ bundle: String, roots: [String], on refusal: String) -> String {
        let pem = roots.map { "-----BEGIN CERTIFICATE-----\n\($0)\n-----END CERTIFICATE-----\n" }
        let service: JSON = ["name": "istiod", "namespace": "istio-system"]
        return WebhookTrust(
            configurations: [
                ["webhooks": [["clientConfig": ["service": service, "caBundle": .string(bundle)]]]]
            ],
            rootMaps: [
                [
                    "metadata": ["name": "istio-ca-root-cert", "namespace": "istio-system"],
                    "data": ["root-cert.pem": .string(pem.joined())],
                ]
            ]
        ).hint(on: refusal)
    }

    @Test func `a caBundle is held against the mesh's roots, of which it may be one`() throws {
        let (first, second) = try (#require(bundles["AAAA"]), #require(bundles["BBBB"]))
        #expect(hint(first, roots: ["BBBB"], on: refusal) == strange)
        #expect(hint(second, roots: ["AAAA", "BBBB"], on: refusal) == known)
        #expect(hint("no base 64", roots: ["AAAA"], on: refusal) == strange)
    }

    @Test func `of what nothing can be told, nothing is`() throws {
        let bundle = try #require(bundles["AAAA"])
        #expect(hint(bundle, roots: [], on: refusal) == "")
        for other in [
            "no endpoints available for service \"istiod\"",
            refusal.replacing("istiod.istio-system", with: "guard.kyverno"),
            refusal.replacing("https://", with: ""),
            "x509: certificate signed by unknown authority",
        ] {
            #expect(hint(bundle, roots: ["BBBB"], on: other) == "", "\(other)")
        }
    }

    // MARK: - Who says it

    /// A cluster whose injector shows a certificate that its caBundle does not vouch for.
    private func world() throws -> World {
        var world = try World("00")
        let words = refusal
        world.denials["bookinfo"] = { _ in words }
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") { configuration in
            let hooks = configuration.items("webhooks").map { hook in
                var hook = hook
                hook[path: ["clientConfig", "caBundle"]] = .string(bundles["AAAA"] ?? "")
                return hook
            }
            configuration["webhooks"] = .array(hooks)
        }
        return world
    }

    @Test func `a preflight tells it of dry-run pods`() throws {
        let seen = try world().observe(GlooRunbook.step("preflight", of: "prepare"))
        #expect(seen.word == "failed blocked")
        #expect(seen.saying.contains("P04 bookinfo cannot take new pods"), "\(seen)")
        #expect(seen.saying.contains("unknown authority\(strange)"), "\(seen)")
    }

    @Test func `and of pods that a controller was refused`() throws {
        var world = try world()
        world.denials = [:]
        world.cluster.append([
            "kind": "Event", "reason": "FailedCreate", "message": .string(refusal),
            "lastTimestamp": .string(world.now.rfc3339),
            "metadata": ["name": "web.1", "namespace": "bookinfo"],
            "involvedObject": ["name": "web", "namespace": "bookinfo"],
        ])
        let seen = world.observe(try GlooRunbook.step("preflight", of: "prepare")).saying
        #expect(seen.contains("unknown authority\(strange)"), "\(seen)")
    }
}
