import FleetModel
import Testing

@testable import FleetLab

@Suite struct GlooTests {
    private static let tag = ObjectKey(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        name: "istio-revision-tag-default")
    private static let gateway = ObjectKey(
        GlooKinds.gateways, namespace: GlooKinds.space, name: "istio-ingressgateway")

    @Test func `a control plane walks through its states`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        var states: [String?] = []
        for _ in 0..<400 {
            let state = try rehearsal.state()
            if states.last != state { states.append(state) }
            rehearsal.run(seconds: 0)
            rehearsal.clock.advance(milliseconds: 100)
        }
        #expect(
            states == [
                nil, "PENDING", "INSTALLING_CONTROLLER", "INSTALLING_CONTROL_PLANE", "HEALTHY",
            ])
        let entry = try #require(try rehearsal.installation())
        #expect(entry[path: ["observedOperator", "tag"]]?.string == "1.15.3-solo")
        #expect(entry["observedRevision"]?.string == "1-15")
    }

    @Test func `PENDING is not written out`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        let isSeen = try rehearsal.run { try rehearsal.installation() != nil }
        #expect(isSeen)
        #expect(try rehearsal.installation()?["state"] == nil)
    }

    @Test func `what a control plane consists of has the names and labels of Istio`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        let edge = try rehearsal.edge
        let istiod = try #require(
            edge.get(
                ObjectKey("deployments.apps", namespace: "istio-system", name: "istiod-1-15")))
        #expect(istiod.labels["istio.io/rev"] == "1-15")
        #expect(istiod.labels["istio"] == "pilot")
        #expect(
            istiod[path: ["spec", "selector", "matchLabels"]]
                == ["app": "istiod", "istio.io/rev": "1-15"])
        let keys = [
            ObjectKey("deployments.apps", namespace: "gm-iop-1-15", name: "istio-operator-1-15"),
            ObjectKey("services", namespace: "istio-system", name: "istiod-1-15"),
            ObjectKey("configmaps", namespace: "istio-system", name: "istio-1-15"),
            ObjectKey(
                "configmaps", namespace: "istio-system", name: "istio-sidecar-injector-1-15"),
            ObjectKey(
                "validatingwebhookconfigurations.admissionregistration.k8s.io",
                name: "istio-validator-1-15-istio-system"),
        ]
        for key in keys { #expect(edge.get(key) != nil, "\(key)") }
        #expect(edge.list(IstioOperatorResource.resource, namespace: "gm-iop-1-15").count == 1)
    }

    @Test func `the default tag follows defaultRevision both ways`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        #expect(try rehearsal.edge.get(Self.tag) == nil)
        try rehearsal.setDefault(true)
        #expect(try rehearsal.state() == "HEALTHY", "an edit leaves the old state standing")
        #expect(rehearsal.run { (try? rehearsal.edge.get(Self.tag)) != nil })
        #expect(try rehearsal.edge.get(Self.tag)?.labels["istio.io/rev"] == "1-15")
        try rehearsal.setDefault(false)
        rehearsal.run(seconds: 20)
        #expect(try rehearsal.edge.get(Self.tag) == nil)
    }

    @Test func `a patch of the tag stays HEALTHY for a while and then updates`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.editControlPlane {
            $0[path: ["istioOperatorSpec", "tag"]] = "1.15.4-solo"
        }
        rehearsal.run(seconds: 1)
        #expect(try rehearsal.state() == "HEALTHY")
        #expect(try rehearsal.run { try rehearsal.state() == "UPDATING_CONTROL_PLANE" })
        let updating = try rehearsal.installation()
        #expect(updating?[path: ["observedOperator", "tag"]]?.string == "1.15.3-solo")
        #expect(try rehearsal.run { try rehearsal.state() == "HEALTHY" })
        #expect(
            try rehearsal.installation()?[path: ["observedOperator", "tag"]]?.string
                == "1.15.4-solo")
        let istiod = try #require(
            try rehearsal.edge.get(
                ObjectKey("deployments.apps", namespace: "istio-system", name: "istiod-1-15")))
        let image = istiod[path: ["spec", "template", "spec", "containers"]]?[0]?["image"]?.string
        #expect(image?.hasSuffix("pilot:1.15.4-solo") == true)
    }

    @Test func `gateways without their control plane are not installed`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.management.create(
            GlooKinds.gateways,
            GlooManifests.gateway("istio-ingressgateway", role: "ingressgateway"))
        #expect(
            try rehearsal.run {
                try rehearsal.state(of: Self.gateway) == "NO_CONTROL_PLANE_AVAILABLE"
            })
        #expect(try rehearsal.installControlPlane())
        #expect(try rehearsal.run { try rehearsal.state(of: Self.gateway) == "HEALTHY" })
    }

    @Test func `a gateway's Service has no suffix and selects its revision`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.management.create(
            GlooKinds.gateways,
            GlooManifests.gateway("istio-ingressgateway", role: "ingressgateway"))
        #expect(try rehearsal.run { try rehearsal.state(of: Self.gateway) == "HEALTHY" })
        let service = try #require(
            try rehearsal.edge.get(
                ObjectKey(
                    "services", namespace: "gloo-mesh-gateways", name: "istio-ingressgateway")))
        #expect(service[path: ["spec", "selector", "revision"]]?.string == "1-15")
        let slices = try rehearsal.edge.list(
            "endpointslices.discovery.k8s.io", namespace: "gloo-mesh-gateways")
        #expect(slices.first?["endpoints"]?.array?.count == 1)
    }

    @Test func `an entry that is taken out is uninstalled and its key goes`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.editControlPlane { $0["clusters"] = [] }
        #expect(try rehearsal.run { try rehearsal.state() == "UNINSTALLING_CONTROL_PLANE" })
        #expect(try rehearsal.run { try rehearsal.state() == "UNINSTALLED_CONTROL_PLANE" })
        #expect(try rehearsal.run { try rehearsal.state() == nil })
        let summary = ClusterSummary(store: try rehearsal.edge)
        #expect(summary.istiods == ["istiod"])
        #expect(rehearsal.run { !summary.namespaces.contains("gm-iop-1-15") })
    }

    @Test func `a control plane with proxies refuses to go`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.edge.update(ObjectKey("namespaces", name: "legacy")) {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-15"
        }
        try rehearsal.restart(
            ObjectKey("deployments.apps", namespace: "legacy", name: "mainframe-bridge"))
        rehearsal.run(seconds: 30)
        try rehearsal.editControlPlane { $0["clusters"] = [] }
        rehearsal.run(seconds: 120)
        #expect(try rehearsal.state() == "UNINSTALLING_CONTROL_PLANE")
        let message = try rehearsal.installation()?["message"]?.string
        #expect(message?.hasPrefix("action is required before deleting the iop") == true)
        try rehearsal.edge.update(ObjectKey("namespaces", name: "legacy")) {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = nil
        }
        try rehearsal.restart(
            ObjectKey("deployments.apps", namespace: "legacy", name: "mainframe-bridge"))
        #expect(try rehearsal.run { try rehearsal.state() == nil })
    }

    @Test func `clusters that share a lifecycle manager don't disturb each other`() async throws {
        let rehearsal = try await Rehearsal(clusters: 3)
        #expect(try rehearsal.installControlPlane())
        try rehearsal.editControlPlane { installation in
            let others: [JSON] = [["name": "edge-02"], ["name": "edge-03"]]
            installation["clusters"] = .array((installation["clusters"]?.array ?? []) + others)
        }
        rehearsal.startFault(.glooFailure(state: "FAILED"), on: "edge-02")
        #expect(try rehearsal.run { try rehearsal.state(cluster: "edge-02") == "FAILED" })
        #expect(try rehearsal.run { try rehearsal.state(cluster: "edge-03") == "HEALTHY" })
        #expect(try rehearsal.state(cluster: "edge-01") == "HEALTHY")
        rehearsal.mend("edge-02")
        #expect(try rehearsal.run { try rehearsal.state(cluster: "edge-02") == "HEALTHY" })
    }

    @Test func `a deleted lifecycle manager leaves nothing behind`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.management.delete(Rehearsal.controlPlaneKey)
        rehearsal.run(seconds: 60)
        #expect(ClusterSummary(store: try rehearsal.edge).istiods == ["istiod"])
    }

    @Test func `a cluster that is not accepted gets nothing`() async throws {
        let rehearsal = try await Rehearsal()
        let key = ObjectKey(GlooKinds.clusters, namespace: GlooKinds.space, name: "edge-01")
        try rehearsal.management.update(key, status: true) {
            $0[path: ["status", "common", "State", "approval"]] = "UNLICENSED"
        }
        try rehearsal.management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        rehearsal.run(seconds: 60)
        #expect(try rehearsal.installation() == nil)
    }

    @Test func `without a wish the trust domain is the cluster's name`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        try rehearsal.editControlPlane { $0["clusters"] = [["name": "edge-01"]] }
        rehearsal.run(seconds: 30)
        let mesh = try #require(
            try rehearsal.edge.get(
                ObjectKey("configmaps", namespace: "istio-system", name: "istio-1-15")))
        #expect(mesh[path: ["data", "mesh"]]?.string?.contains("trustDomain: edge-01") == true)
    }
}
