import FleetModel
import Testing

@testable import FleetLab

/// What the API server says when an injector can't be asked.
@Suite struct AdmissionTests {
    private static let injector = ObjectKey(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io", name: "istio-sidecar-injector"
    )

    private func refusal(_ rehearsal: Rehearsal) throws -> String? {
        do {
            _ = try ClusterSummary(store: try rehearsal.edge).probe("shop")
            return nil
        } catch let error as StatusError {
            #expect(error.code == 500)
            return error.message
        }
    }

    @Test func `without a ready istiod nobody gets a pod, and the event says why`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.injectorDown(revision: nil))
        rehearsal.run(seconds: 5)
        let expected =
            #"Internal error occurred: failed calling webhook "#
            + #""namespace.sidecar-injector.istio.io": failed to call webhook: "#
            + #"Post "https://istiod.istio-system.svc:443/inject?timeout=10s": "#
            + #"no endpoints available for service "istiod""#
        #expect(try refusal(rehearsal) == expected)
        let cart = ObjectKey("deployments.apps", namespace: "shop", name: "cart")
        try rehearsal.restart(cart)
        rehearsal.run(seconds: 15)
        let events = try rehearsal.edge.list("events", namespace: "shop")
        let event = try #require(events.first { $0["reason"]?.string == "FailedCreate" })
        #expect(event["message"]?.string == "Error creating: " + expected)
        #expect(event.count("count") > 1)
        let deployment = try #require(try rehearsal.edge.get(cart))
        #expect(Condition.find("ReplicaFailure", in: deployment)?["status"]?.string == "True")
        rehearsal.mend()
        rehearsal.run(seconds: 30)
        #expect(try refusal(rehearsal) == nil)
        let mended = try #require(try rehearsal.edge.get(cart))
        #expect(Condition.find("ReplicaFailure", in: mended) == nil)
        #expect(mended.count("status", "updatedReplicas") == 2)
    }

    @Test func `without its certificate a webhook is not trusted`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.certificateMissing)
        try rehearsal.edge.update(Self.injector) { configuration in
            var hooks = configuration["webhooks"]?.array ?? []
            for index in hooks.indices {
                hooks[index][path: ["clientConfig", "caBundle"]] = nil
            }
            configuration["webhooks"] = .array(hooks)
        }
        rehearsal.run(seconds: 5)
        #expect(
            try refusal(rehearsal)?.hasSuffix(
                "x509: certificate signed by unknown authority") == true)
        rehearsal.mend()
        rehearsal.run(seconds: 5)
        #expect(try refusal(rehearsal) == nil)
    }

    @Test func `a service that is gone is told apart from one without endpoints`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.operatorGone)
        rehearsal.run(seconds: 2)
        try rehearsal.edge.delete(
            ObjectKey("services", namespace: "istio-system", name: "istiod"))
        #expect(try refusal(rehearsal)?.hasSuffix(#"service "istiod" not found"#) == true)
    }

    @Test func `a dry run asks the webhooks and stores nothing`() async throws {
        let rehearsal = try await Rehearsal()
        let version = try rehearsal.edge.resourceVersion
        #expect(try ClusterSummary(store: try rehearsal.edge).probe("shop") == "default")
        #expect(try rehearsal.edge.resourceVersion == version)
    }

    @Test func `a validator without an istiod keeps Istio's configuration out`() async throws {
        let rehearsal = try await Rehearsal()
        let policy = Manifest.make(
            "security.istio.io/v1beta1", "PeerAuthentication", "default", in: "shop",
            ["spec": ["mtls": ["mode": "STRICT"]]])
        let kind = "peerauthentications.security.istio.io"
        try rehearsal.edge.create(kind, policy, dryRun: true)
        rehearsal.startFault(.injectorDown(revision: nil))
        rehearsal.run(seconds: 5)
        #expect(throws: StatusError.self) { try rehearsal.edge.create(kind, policy, dryRun: true) }
    }
}
