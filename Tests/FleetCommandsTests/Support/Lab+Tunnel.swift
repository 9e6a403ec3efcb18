import Testing

extension Lab {
    /// Which istiod every node's ztunnel asks, and of which version each of them is.
    func expectTunnel(of revision: String, _ version: String, on cluster: String) async throws {
        let pods = try await kubectl(
            cluster, "get", "pods", "-n", "istio-system", "-l", "app=ztunnel", "-o", columns)
        let address = "istiod-\(revision).istio-system.svc:15012"
        let pod = "\(revision) \(address) \(address) docker.io/istio/ztunnel:\(version) True\n"
        #expect(pods == String(repeating: pod, count: 3))
    }
}

private let columns =
    #"jsonpath={range .items[*]}{.metadata.annotations.istio\.io/rev} "#
    + #"{.spec.containers[0].env[?(@.name=="CA_ADDRESS")].value} "#
    + #"{.spec.containers[0].env[?(@.name=="XDS_ADDRESS")].value} "#
    + #"{.spec.containers[0].image} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}"#
