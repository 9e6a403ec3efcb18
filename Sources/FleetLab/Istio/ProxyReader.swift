import FleetModel

/// The proxy of a pod, as its annotations and containers tell.
///
/// In the order of the signs, each is right where the one before it is silent.
struct ProxyReader: Hashable, Sendable {
    let revision: String?
    /// The tag of its image.
    let version: String?
    let isGateway: Bool

    /// - Returns: `nil` when the pod has no proxy.
    init?(_ pod: JSON) {
        let lists = ["initContainers", "containers"].flatMap { pod["spec"]?[$0]?.array ?? [] }
        guard let proxy = lists.first(where: { $0["name"]?.string == IstioProxy.container }) else {
            return nil
        }
        isGateway = (proxy["args"]?.array ?? []).contains("router")
        revision = Self.revision(of: pod, proxy) ?? (isGateway ? pod.labels["istio.io/rev"] : nil)
        version = Self.tag(of: proxy["image"]?.string ?? "")
    }

    private static func revision(of pod: JSON, _ proxy: JSON) -> String? {
        let status = pod.annotations["sidecar.istio.io/status"].flatMap { JSON(parsing: $0) }
        if let told = status?["revision"]?.string, !told.isEmpty { return told }
        if let told = pod.annotations["istio.io/rev"], !told.isEmpty { return told }
        let variables = proxy["env"]?.array ?? []
        let address = variables.first { $0["name"]?.string == "CA_ADDR" }?["value"]?.string
        guard let host = address?.split(separator: ".").first else { return nil }
        if host == "istiod" { return IstioRevision.unrevisioned }
        return host.hasPrefix("istiod-") ? String(host.dropFirst("istiod-".count)) : nil
    }

    private static func tag(of image: String) -> String? {
        let name = image.split(separator: "@").first?.split(separator: "/").last ?? ""
        let parts = name.split(separator: ":")
        return parts.count == 2 ? String(parts[1]) : nil
    }
}
