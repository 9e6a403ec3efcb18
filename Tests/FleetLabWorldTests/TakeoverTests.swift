import FleetModel
import Testing

@testable import FleetLab

/// The whole Gloo takeover by hand, against the checkpoints of the recorded
/// scenario `gloo-takeover`.
@Suite struct TakeoverTests {
    private static let old = "default 1.23.6"
    private static let new = "1-15 1.15.3-solo"
    private static let oldInjector = ObjectKey(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io", name: "istio-sidecar-injector"
    )

    @Test func `a cluster taken over by hand passes every checkpoint`() async throws {
        let rehearsal = try await Rehearsal()
        let edge = try rehearsal.edge
        let summary = ClusterSummary(store: edge)
        let before = summary.proxies[Self.old] ?? 0

        // 20: the new control plane is up and nothing else has changed.
        #expect(try rehearsal.installControlPlane())
        #expect(summary.istiods == ["istiod", "istiod-1-15"])
        #expect(summary.proxies == [Self.old: before])
        #expect(summary.namespaces.contains("gm-iop-1-15"))
        #expect(try summary.probe("shop") == "default")

        // 30: its gateways have addresses, and a test namespace gets its proxies.
        try installGateways(rehearsal)
        try installPetstore(edge)
        #expect(rehearsal.run { summary.proxies[Self.new] == 3 })
        #expect(rehearsal.run { summary.addressed.count == 4 })
        #expect(summary.proxies[Self.old] == before)
        #expect(summary.injectors(ofNamespace: "shop") == ["istio-sidecar-injector"])

        // 40: made default, and yet the old injector wins.
        try rehearsal.setDefault(true)
        rehearsal.run(seconds: 20)
        #expect(
            summary.injectors(ofNamespace: "shop") == [
                "istio-revision-tag-default", "istio-sidecar-injector",
            ])
        #expect(try summary.probe("shop") == "default")

        // 50: the old injector is deactivated.
        try deactivate(edge)
        rehearsal.run(seconds: 60)
        #expect(summary.injectors(ofNamespace: "shop") == ["istio-revision-tag-default"])
        #expect(try summary.probe("shop") == "1-15")
        try rehearsal.restart(
            ObjectKey("deployments.apps", namespace: "shop", name: "cart"))
        #expect(rehearsal.run { summary.proxies[Self.old] == before - 2 })

        // 60: only the old gateways and what has no restart are left on the old one.
        try restartAll(rehearsal)
        #expect(rehearsal.run { summary.proxies[Self.old] == 3 })

        // 70: the old mesh is removed, its operator last.
        try removeOldMesh(rehearsal)
        #expect(summary.istiods == ["istiod-1-15"])
        #expect(summary.dangling == [])
        #expect(!summary.namespaces.contains("istio-operator"))
        #expect(summary.injectors(ofNamespace: "shop") == ["istio-revision-tag-default"])
        #expect(
            summary.addressed == [
                "gloo-mesh-gateways/istio-eastwestgateway",
                "gloo-mesh-gateways/istio-ingressgateway",
            ])
        #expect(summary.proxies[Self.old] == 1, "the bare pod is nobody's to restart")
    }

    // MARK: - Steps

    private func installGateways(_ rehearsal: Rehearsal) throws {
        for (name, role) in [
            ("istio-eastwestgateway", "eastwestgateway"),
            ("istio-ingressgateway", "ingressgateway"),
        ] {
            try rehearsal.management.create(
                GlooKinds.gateways, GlooManifests.gateway(name, role: role))
            let key = ObjectKey(GlooKinds.gateways, namespace: GlooKinds.space, name: name)
            #expect(try rehearsal.run { try rehearsal.state(of: key) == "HEALTHY" })
        }
    }

    private func installPetstore(_ edge: ClusterStore) throws {
        try edge.create(
            "namespaces", Manifest.namespace("petstore", labels: ["istio.io/rev": "1-15"]))
        let petstore = LabWorkload(name: "petstore", kind: .deployment(replicas: 1))
        try edge.create("deployments.apps", petstore.workload(in: "petstore"))
    }

    private func deactivate(_ edge: ClusterStore) throws {
        let never: JSON = ["matchLabels": ["istio.io/deactivated": "never-match"]]
        try edge.update(Self.oldInjector) { configuration in
            configuration["webhooks"] = .array(
                (configuration["webhooks"]?.array ?? []).map { hook in
                    var hook = hook
                    hook["namespaceSelector"] = never
                    hook["objectSelector"] = never
                    return hook
                })
        }
    }

    private func restartAll(_ rehearsal: Rehearsal) throws {
        for resource in ["deployments.apps", "statefulsets.apps", "daemonsets.apps"] {
            for owner in try rehearsal.edge.list(resource)
            where !owner.namespace.hasPrefix("istio-") && !owner.namespace.hasPrefix("g") {
                try rehearsal.restart(
                    ObjectKey(resource, namespace: owner.namespace, name: owner.name))
            }
        }
    }

    private func removeOldMesh(_ rehearsal: Rehearsal) throws {
        let edge = try rehearsal.edge
        for name in ["ingress-gateway", "eastwest-gateway", "control-plane"] {
            let key = ObjectKey(
                IstioOperatorResource.resource, namespace: "istio-system", name: name)
            try edge.delete(key)
            #expect(rehearsal.run { edge.get(key) == nil })
        }
        try edge.delete(ObjectKey("namespaces", name: "istio-operator"))
        try edge.delete(ObjectKey("namespaces", name: "istio-gateways"))
        rehearsal.run(seconds: 60)
    }
}
