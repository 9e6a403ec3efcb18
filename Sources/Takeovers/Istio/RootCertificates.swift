import FleetModel

/// The roots of trust that istiod publishes in a ConfigMap, as texts.
///
/// Two texts of one certificate differ at most in line breaks, which do not
/// count here. Nothing is verified: this only tells whether roots are the same.
struct RootCertificates: Hashable, Sendable {
    /// The base64 bodies, without line breaks.
    let certificates: Set<String>

    init(certificates: Set<String>) { self.certificates = certificates }

    init(pem: String) {
        var bodies: Set<String> = []
        var body: String?
        for line in pem.split(whereSeparator: \.isNewline) {
            let text = line.filter { !$0.isWhitespace }
            switch text {
            case "-----BEGINCERTIFICATE-----": body = ""
            case "-----ENDCERTIFICATE-----":
                if let complete = body, !complete.isEmpty { bodies.insert(complete) }
                body = nil
            default: body = body.map { $0 + text }
            }
        }
        certificates = bodies
    }

    /// Reads a ConfigMap `istio-ca-root-cert`; `nil` when it holds no certificate.
    init?(configMap: JSON) {
        self.init(pem: configMap[path: ["data", "root-cert.pem"]]?.string ?? "")
        guard !certificates.isEmpty else { return nil }
    }

    /// SHA-256 over each certificate's DER, as 64 lower-case hexadecimal digits, in order.
    ///
    /// What is no base64 is hashed as the text it is: it still is not the other one.
    var fingerprints: [String] {
        certificates.map { body in
            SHA256.hexadecimal(base64Decoded(body) ?? Array(body.utf8))
        }.sorted()
    }

    func isSuperset(of other: RootCertificates) -> Bool {
        certificates.isSuperset(of: other.certificates)
    }

    /// Namespaces whose roots differ from the first one's, in order; empty when
    /// the whole cluster trusts the same.
    static func dissenters(among configMaps: [JSON]) -> [String] {
        let roots = configMaps.filter { $0.name == "istio-ca-root-cert" }
            .sorted { $0.namespace < $1.namespace }
            .compactMap { map in RootCertificates(configMap: map).map { (map.namespace, $0) } }
        let reference = roots.first { $0.0 == "istio-system" } ?? roots.first
        return roots.filter { $0.1 != reference?.1 }.map(\.0)
    }
}
