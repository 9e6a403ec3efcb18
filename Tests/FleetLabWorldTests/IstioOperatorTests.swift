import FleetModel
import Testing

@testable import FleetLab

@Suite struct IstioOperatorTests {
    private static func key(_ name: String) -> ObjectKey {
        ObjectKey(IstioOperatorResource.resource, namespace: "istio-system", name: name)
    }

    @Test func `deleting a resource prunes what it owns and nothing else`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        try edge.delete(Self.key("ingress-gateway"))
        #expect(edge.get(Self.key("ingress-gateway"))?.isTerminating == true)
        #expect(rehearsal.run { edge.get(Self.key("ingress-gateway")) == nil })
        let summary = ClusterSummary(store: edge)
        #expect(summary.addressed == ["istio-gateways/istio-eastwestgateway"])
        #expect(summary.istiods == ["istiod"])
    }

    @Test func `without its operator a resource stays, with its finalizer`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        try edge.delete(ObjectKey("namespaces", name: "istio-operator"))
        rehearsal.run(seconds: 30)
        try edge.delete(Self.key("control-plane"))
        rehearsal.run(seconds: 120)
        #expect(
            edge.get(Self.key("control-plane"))?.finalizers == [IstioOperatorResource.finalizer])
        #expect(ClusterSummary(store: edge).istiods == ["istiod"])
        try edge.delete(ObjectKey("namespaces", name: "istio-system"))
        rehearsal.run(seconds: 30)
        let space = try #require(edge.get(ObjectKey("namespaces", name: "istio-system")))
        let remaining = Condition.find("NamespaceFinalizersRemaining", in: space)
        #expect(
            remaining?["message"]?.string?.contains(IstioOperatorResource.finalizer) == true)
    }

    @Test func `an operator that is down clears no finalizer until it is back`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        rehearsal.startFault(.operatorGone)
        rehearsal.run(seconds: 5)
        try edge.delete(Self.key("ingress-gateway"))
        rehearsal.run(seconds: 60)
        #expect(edge.get(Self.key("ingress-gateway"))?.isTerminating == true)
        rehearsal.mend()
        #expect(rehearsal.run { edge.get(Self.key("ingress-gateway")) == nil })
    }

    @Test func `an operator that defends its injector turns it on again after a while`()
        async throws
    {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        let injector = ObjectKey(
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            name: "istio-sidecar-injector")
        let before = edge.get(injector)?["webhooks"]
        let disabled: JSON = ["matchLabels": ["istio.io/deactivated": "never-match"]]
        func disable() throws {
            try edge.update(injector) { object in
                let webhooks = object["webhooks"]?.array ?? []
                object["webhooks"] = .array(
                    webhooks.map {
                        var webhook = $0
                        webhook["objectSelector"] = disabled
                        return webhook
                    })
            }
        }
        rehearsal.startFault(.injectorRestored)
        for _ in 0..<2 {
            try disable()
            rehearsal.run(seconds: 15)
            #expect(edge.get(injector)?["webhooks"]?[0]?["objectSelector"] == disabled)
            rehearsal.run(seconds: 10)
            #expect(edge.get(injector)?["webhooks"] == before)
        }
        rehearsal.mend()
        try disable()
        rehearsal.run(seconds: 60)
        #expect(edge.get(injector)?["webhooks"]?[0]?["objectSelector"] == disabled)
    }

    @Test func `an operator that sees no proxies removes no control plane until it does`()
        async throws
    {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        rehearsal.startFault(.removalRefused)
        for name in ["ingress-gateway", "control-plane"] { try edge.delete(Self.key(name)) }
        rehearsal.run(seconds: 60)
        #expect(edge.get(Self.key("ingress-gateway")) == nil)
        let status = edge.get(Self.key("control-plane"))?["status"]
        #expect(status?["status"] == "ACTION_REQUIRED")
        #expect(status?["message"]?.string?.contains("pods/portforward") == true)
        rehearsal.mend()
        #expect(rehearsal.run { edge.get(Self.key("control-plane")) == nil })
    }

    @Test func `what somebody deletes comes back, what somebody edits stays`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        let injector = ObjectKey(
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            name: "istio-sidecar-injector")
        try edge.delete(injector)
        rehearsal.run(seconds: 10)
        #expect(edge.get(injector) != nil)
        #expect(try ClusterSummary(store: edge).probe("shop") == "default")
        try edge.update(injector) { $0["webhooks"] = [] }
        rehearsal.run(seconds: 60)
        #expect(edge.get(injector)?["webhooks"] == [])
    }

    @Test func `its status stays HEALTHY whatever happens to its gateway`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        try edge.update(
            ObjectKey(
                "deployments.apps", namespace: "istio-gateways", name: "istio-ingressgateway")
        ) { $0[path: ["spec", "replicas"]] = 0 }
        rehearsal.run(seconds: 60)
        let resource = try #require(edge.get(Self.key("ingress-gateway")))
        #expect(resource[path: ["status", "status"]]?.string == "HEALTHY")
    }

    @Test func `an ignored resource is nobody's business`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        let key = Self.key("installed-state")
        try edge.create(
            key.resource,
            Manifest.make(
                "install.istio.io/v1alpha1", "IstioOperator", key.name, in: key.namespace,
                ["spec": ["profile": "minimal", "revision": "1-99"]]))
        rehearsal.run(seconds: 30)
        #expect(edge.get(key)?.finalizers == [])
        #expect(ClusterSummary(store: edge).istiods == ["istiod"])
    }
}
