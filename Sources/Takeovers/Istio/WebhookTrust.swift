import FleetModel

/// Why an API server does not believe a webhook's server, as far as the cluster tells.
///
/// It believes whom the webhook's `caBundle` vouches for. With certificates of one's own in front
/// of istiod that need not be the mesh's root, so another one is no fault by itself: it is told
/// only with a refusal.
struct WebhookTrust: Sendable {
    /// What API servers are told to believe, by Service.
    private let bundles: [String: [RootCertificates]]
    /// What the mesh believes.
    private let roots: RootCertificates?

    init(configurations: [JSON], rootMaps: [JSON]) {
        var bundles: [String: [RootCertificates]] = [:]
        for webhook in configurations.flatMap({ $0.items("webhooks") }) {
            let client = webhook["clientConfig"] ?? .null
            guard let service = client["service"], let bundle = client["caBundle"]?.nonEmpty
            else { continue }
            let pem = base64Decoded(bundle).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let name = "\(service["namespace"]?.string ?? "")/\(service["name"]?.string ?? "")"
            bundles[name, default: []].append(RootCertificates(pem: pem))
        }
        self.bundles = bundles
        let map = rootMaps.first {
            $0.name == "istio-ca-root-cert" && $0.namespace == "istio-system"
        }
        roots = map.flatMap(RootCertificates.init(configMap:))
    }

    /// What to add to a refusal; empty where it is about something else, or nothing can be told.
    func hint(on refusal: String) -> String {
        guard Self.isMissing(in: refusal), let roots, let service = Self.service(in: refusal),
            let bundles = bundles[service]
        else { return "" }
        let isStrange = bundles.contains { $0.certificates.isDisjoint(with: roots.certificates) }
        return isStrange
            ? "; its caBundle is not the mesh's root"
            : "; its caBundle is the mesh's root, so the certificate of \(service) is another's"
    }

    /// Whether an API server says that it does not believe who answered.
    static func isMissing(in refusal: String) -> Bool {
        refusal.contains("x509: certificate signed by unknown authority")
    }

    /// Whom it asked, as `namespace/name`: `https://istiod.istio-system.svc:443/inject`.
    private static func service(in refusal: String) -> String? {
        guard let scheme = refusal.firstRange(of: "https://") else { return nil }
        let host = refusal[scheme.upperBound...].prefix { $0 != ":" && $0 != "/" }
        let parts = host.split(separator: ".")
        return parts.count > 2 && parts[2] == "svc" ? "\(parts[1])/\(parts[0])" : nil
    }
}
