import Foundation
import Testing

extension CommandLineTests {
    /// A load balancer of somebody's own, in front of old and new gateways of one namespace.
    @Suite(.serialized) struct OwnBalancerTests {
        private static let cluster = Flock.name(1)
        private static let space = "istio-gateways"
        private static let gateway = "istio-ingressgateway"

        @Test(.lab(clusters: 1))
        func `a load balancer of one's own is switched to the new gateway and keeps its address`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                try await bringBalancer(lab)
                try bringGateway(project)
                let address = try await balancer(lab, "{.status.loadBalancer.ingress[0].ip}")
                #expect(!address.isEmpty)
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 0, "\(run.story)")
                let selector = try await balancer(lab, "{.spec.selector}")
                #expect(selector.contains(#""revision":"1-25""#), "\(selector)")
                #expect(!selector.contains("istio.io/rev"), "\(selector)")
                #expect(
                    try await balancer(lab, "{.status.loadBalancer.ingress[0].ip}") == address)
                let switched = try lab.changes(of: [Self.cluster]).filter {
                    $0.object?.contains("edge-lb") == true
                }
                #expect(switched.count == 3, "made once, switched in two goes: \(switched)")
                try await expectGateway(lab)
                try await expectCopies(lab)
            }
        }

        @Test(.lab(clusters: 1))
        func `a load balancer that is pinned to nobody keeps the new gateway from being made`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                try await bringBalancer(lab, pinned: false)
                try bringGateway(project)
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(
                    run.story.contains("would lead to the new gateway as soon as that is ready"))
                #expect(try lab.changes(of: ["mgmt-1"]).isEmpty)
            }
        }

        /// The old gateway's own Service goes, and one that nobody's operator knows comes.
        private func bringBalancer(_ lab: Lab, pinned: Bool = true) async throws {
            let own = #"{"\#(Self.gateway)": {"customService": true}}"#
            let values = #"{"spec": {"values": {"gateways": \#(own)}}}"#
            _ = try await lab.kubectl(
                Self.cluster, "-n", "istio-system", "patch", "istiooperator", "ingress-gateway",
                "--type=merge", "-p", values)
            _ = try await lab.kubectl(
                Self.cluster, "-n", Self.space, "delete", "service", Self.gateway)
            let pin = pinned ? ", istio.io/rev: default" : ""
            _ = try await lab.kubectl(
                Self.cluster, "create", "-f", "-",
                input: """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: edge-lb, namespace: \(Self.space)}
                    spec:
                      type: LoadBalancer
                      selector: {istio: ingressgateway\(pin)}
                      ports: [{name: http2, port: 80, targetPort: 8080}]
                    """)
            try await Patience.until("an address") {
                try await balancer(lab, "{.status.loadBalancer.ingress[0].ip}").isEmpty
                    ? nil : true
            }
        }

        /// The new gateway comes where the old one is, and brings no Service.
        private func bringGateway(_ project: Project) throws {
            let path = "Policies/Takeovers/manifests/ingress.yaml"
            try project.edit(
                path, "namespace: gloo-mesh-gateways", "namespace: \(Self.space)")
            try project.edit(
                path, "profile: empty\n",
                """
                profile: empty
                        values: {gateways: {\(Self.gateway): {customService: true}}}

                """)
        }

        private func balancer(_ lab: Lab, _ path: String) async throws -> String {
            try await lab.kubectl(
                Self.cluster, "-n", Self.space, "get", "service", "edge-lb", "-o",
                "jsonpath=\(path)")
        }

        /// What was removed could be applied once more.
        private func expectCopies(_ lab: Lab) async throws {
            let copy = try await lab.kubectl(
                Self.cluster, "-n", "default", "get", "cm",
                "fleet-istio-migration-removed-default", "-o",
                #"jsonpath={.data.istiooperator\.istio-system\.ingress-gateway}"#)
            _ = try await lab.kubectl(
                Self.cluster, "apply", "--dry-run=server", "-f", "-", input: copy)
        }

        /// Of the new revision alone, with the identity of before.
        private func expectGateway(_ lab: Lab) async throws {
            let domains = try await lab.kubectl(
                Self.cluster, "-n", Self.space, "get", "pods", "-l", "istio=ingressgateway", "-o",
                "jsonpath={range .items[*]}{.metadata.labels.revision}="
                    + "{.spec.containers[0].env[?(@.name=='TRUST_DOMAIN')].value} {end}")
            #expect(
                Set(domains.split(separator: " ")) == ["1-25=cluster.local"], "\(domains)")
        }
    }
}
