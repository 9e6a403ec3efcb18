import FleetModel

/// A pod of ztunnel, which becomes ready only once an istiod has taken it.
///
/// One that is ready stays so when its istiod goes: it works on with what it knows.
struct TunnelPod: Sendable {
    private let pod: JSON

    /// - Returns: `nil` when the pod is another one.
    init?(_ pod: JSON) {
        guard pod.labels["app"] == "ztunnel" else { return nil }
        self.pod = pod
    }

    static func trouble(of pod: JSON, _ scene: inout Scene) -> ActiveFaults.Trouble? {
        guard !pod.isReady, let tunnel = TunnelPod(pod) else { return nil }
        return tunnel.isServed(by: scene.list("pods")) ? nil : .neverReady
    }

    private func isServed(by pods: [JSON]) -> Bool {
        // What is elsewhere is nothing that the lab plays.
        guard let revision else { return true }
        return pods.contains {
            $0.labels["app"] == "istiod" && $0.labels["istio.io/rev"] == revision && $0.isReady
                && Self.variable(LabChart.ambient, of: $0) == "true"
        }
    }

    /// The revision of the istiod that it asks; `nil` when that is none of this cluster.
    private var revision: String? {
        let host = Self.variable("XDS_ADDRESS", of: pod)?.split(separator: ".").first ?? ""
        if host == "istiod" { return IstioRevision.unrevisioned }
        return host.hasPrefix("istiod-") ? String(host.dropFirst("istiod-".count)) : nil
    }

    private static func variable(_ name: String, of pod: JSON) -> String? {
        let containers = pod[path: ["spec", "containers"]]?.array ?? []
        let variables = containers.flatMap { $0["env"]?.array ?? [] }
        return variables.first { $0["name"]?.string == name }?["value"]?.string
    }
}
