import FleetModel
import Testing

@testable import FleetLab

/// Pods that call a Service and leave the answer behind.
@Suite struct PodCallTests {
    private func call(
        _ name: String, to service: String = "cart", labels: [String: String] = [:]
    ) -> JSON {
        let url = "http://\(service).shop:8080/"
        return Manifest.make(
            "v1", "Pod", name, in: "shop", labels: labels,
            [
                "spec": [
                    "restartPolicy": "Never",
                    "containers": [
                        [
                            "name": "curl", "image": "curl",
                            "command": ["sh", "-c", "SCRIPT", "call", .string(url), "3"],
                        ]
                    ],
                ]
            ])
    }

    private func ended(_ pod: JSON?) -> JSON? {
        pod?[path: ["status", "containerStatuses"]]?.array?
            .first { $0["name"] == "curl" }?[path: ["state", "terminated"]]
    }

    @Test func `a container that has ended stays so, whatever its sidecar does`() async throws {
        let lab = try await Rehearsal()
        try lab.edge.create("pods", call("caller"))
        let key = ObjectKey("pods", namespace: "shop", name: "caller")
        #expect(try lab.run { ended(try lab.edge.get(key)) != nil })
        for _ in 0..<60 {
            lab.run(seconds: 1)
            let pod = try lab.edge.get(key)
            #expect(pod?.phase == "Running", "an ordinary sidecar knows of no end")
            #expect(ended(pod)?["message"]?.string?.contains("envoy yes") == true)
        }
    }

    @Test func `without a sidecar the call passes until mutual TLS is demanded`() async throws {
        let lab = try await Rehearsal()
        let outside = ["sidecar.istio.io/inject": "false"]
        #expect(try message("open", lab, outside)?.contains("HTTP 200") == true)
        let policy = Manifest.make(
            "security.istio.io/v1beta1", "PeerAuthentication", "strict", in: "shop",
            ["spec": ["mtls": ["mode": "STRICT"]]])
        try lab.edge.create("peerauthentications.security.istio.io", policy)
        #expect(try message("shut", lab, outside)?.contains("exit 56") == true)
    }

    @Test func `a call goes on until somebody answers, for as long as it may`() async throws {
        let lab = try await Rehearsal()
        try lab.edge.create("pods", call("patient", to: "later"))
        lab.run(seconds: 12)
        let key = ObjectKey("pods", namespace: "shop", name: "patient")
        #expect(ended(try lab.edge.get(key)) == nil)
        #expect(try lab.run { ended(try lab.edge.get(key)) != nil })
        #expect(ended(try lab.edge.get(key))?["message"]?.string?.contains("HTTP 503") == true)
    }

    private func message(
        _ name: String, _ lab: Rehearsal, _ labels: [String: String]
    ) throws -> String? {
        try lab.edge.create("pods", call(name, labels: labels))
        let key = ObjectKey("pods", namespace: "shop", name: name)
        _ = try lab.run { ended(try lab.edge.get(key)) != nil }
        return ended(try lab.edge.get(key))?["message"]?.string
    }
}
