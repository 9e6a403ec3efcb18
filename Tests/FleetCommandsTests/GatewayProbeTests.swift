import Foundation
import Testing

extension CommandLineTests {
    /// Requests through a new gateway's own address, before anybody is led there.
    @Suite(.serialized) struct GatewayProbeTests {
        private static let cluster = Flock.name(1)
        private static let space = "gloo-mesh-gateways"
        private static let gateway = "istio-ingressgateway"

        @Test(.lab(clusters: 1))
        func `a gateway counts as installed once users are served through it`() async throws {
            let policy = Project.policy([1], approvedBefore: "takeover")
            try await Project.onLab([1], policy: policy) { project, lab in
                // The lab answers on loopback, so that is where its gateways have to be.
                try await lab.breakCluster(Self.cluster, "lb-address-never-comes")
                try project.edit(
                    "Policies/Takeovers/lab.yaml", "parameters:\n",
                    """
                    parameters:
                      probes:
                        - url: http://shop.example:\(try lab.port)/users/${cluster}/shop/front
                          gateway: \(Self.space)/\(Self.gateway)

                    """)
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await lead("istio-eastwestgateway", "add-eastwest-gateway", run, lab)
                try await lead(Self.gateway, "add-ingress-gateway", run, lab)
                try await Patience.until("a word on the users") {
                    let why = try await project.run("why", Self.cluster).output
                        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    let words = "through Service \(Self.space)/\(Self.gateway) fails"
                    return why.contains(words) && why.contains("HTTP 503") ? true : nil
                }
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "shop", "expose", "deployment", "web", "--name", "front",
                    "--port", "80")
                let end = try await run.end()
                #expect(end.exit == 4, "\(end.story)")
                #expect(try await project.status().state == "awaitingApproval")
            }
        }

        /// Gives a gateway's Service the address of the lab, once its step is at work.
        private func lead(
            _ service: String, _ step: String, _ run: LeadingProgram, _ lab: Lab
        ) async throws {
            try await run.reaches(step: step, of: Self.cluster)
            let path = "/api/v1/namespaces/\(Self.space)/services/\(service)"
            let object = try await Patience.until("Service \(service)") {
                let text = try await lab.kubectl(
                    Self.cluster, "-n", Self.space, "get", "service", service, "-o", "json",
                    "--ignore-not-found")
                return text.isEmpty ? nil : text
            }
            let ingress = #""loadBalancer": {"ingress": [{"ip": "127.0.0.1"}]}"#
            let addressed = object.replacing(/"loadBalancer": \{\s*\}/, with: ingress)
            _ = try await lab.kubectl(
                Self.cluster, "replace", "--raw", "\(path)/status", "-f", "-", input: addressed)
        }
    }
}
