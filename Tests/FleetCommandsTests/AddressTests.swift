import Foundation
import Testing

extension CommandLineTests {
    /// Clients of gateways in other namespaces, led over by DNS.
    @Suite(.serialized) struct AddressTests {
        private static let cluster = Flock.name(1)

        @Test(.lab(clusters: 1))
        func `the old gateways serve until resolvers lead to the new ones, and then go`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                try await prepare(project, lab)
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "await-dns", of: Self.cluster)
                let records = try await lab.kubectl(
                    Self.cluster, "-n", "default", "get", "cm", "fleet-istio-migration-dns", "-o",
                    "jsonpath={.data.records}")
                let record = try #require(
                    records.firstMatch(
                        of: /shop\.example A (198\.\S+) -> (198\.\S+) TTL 30s/), "\(records)")
                try project.write("\(record.1)\n", to: "answer")
                #expect(try project.text(of: "asked") == "", "nobody has said anything yet")
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "default", "annotate", "--overwrite", "configmap",
                    "fleet-istio-migration-dns", "bellwether/dns=done")
                try await expectPatience(project, lab)
                try project.write("\(record.2)\n", to: "answer")
                let end = try await run.end()
                #expect(end.exit == 0, "\(end.story)")
                #expect(try await gateways(lab) == "")
            }
        }

        /// As long as a resolver leads to the old gateways, they stay.
        private func expectPatience(_ project: Project, _ lab: Lab) async throws {
            let wanted = ["shop.example A @192.0.2.1", "shop.example A @192.0.2.2"]
            try await Patience.until("two looks at each resolver") {
                let asked = try project.text(of: "asked")
                let isDone = wanted.allSatisfy { asked.components(separatedBy: $0).count > 2 }
                return isDone ? true : nil
            }
            #expect(try await gateways(lab).contains("istio-ingressgateway"))
        }

        private func gateways(_ lab: Lab) async throws -> String {
            try await lab.kubectl(Self.cluster, "-n", "istio-gateways", "get", "svc", "-o", "name")
        }

        /// A name behind the gateway, and a `dig` that answers with what a file says.
        private func prepare(_ project: Project, _ lab: Lab) async throws {
            _ = try await lab.kubectl(Self.cluster, "apply", "-f", "-", input: Self.route)
            try project.write("", to: "answer")
            try project.write("", to: "asked")
            let dig = try project.writeScript(
                """
                #!/bin/sh
                echo "$4 $5 $6" >> '\(project.file("asked").path)'
                cat '\(project.file("answer").path)'

                """, to: "dig")
            try project.edit(
                "Inventory/lab.yaml", "defaults:\n", "defaults:\n  tools: {dig: \(dig)}\n")
            try project.edit(
                "Policies/Takeovers/lab.yaml", "gateways: none",
                "gateways: dns\n  ttl: 30s\n  resolvers: [192.0.2.1, 192.0.2.2]")
        }

        private static let route = """
            apiVersion: networking.istio.io/v1beta1
            kind: Gateway
            metadata: {name: shop, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers: [{hosts: ["shop.example"], port: {name: http, number: 80, protocol: HTTP}}]
            """
    }
}
