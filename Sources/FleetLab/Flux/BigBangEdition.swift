/// A version of Big Bang, and what its packages for Istio are called.
struct BigBangEdition: Hashable, Sendable {
    let version: String

    static let oldIstio = "1.23.6"
    static let newIstio = "1.25.2"
    /// What the first Big Bang without an operator has moved on to since.
    static let laterIstio = "1.26.2"
    static let registry = "registry1.dso.mil/ironbank/opensource/istio"

    /// Up to 2.50 one package brings the new control plane, from then on two.
    var hasCore: Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return parts.count > 1 && (parts[0], parts[1]) < (2, 51)
    }

    /// From 3.0 on there are no packages of the operator.
    var hasOperator: Bool { (version.split(separator: ".").first.flatMap { Int($0) } ?? 2) < 3 }

    /// The Istio that its packages from Helm bring.
    var istio: String { hasOperator ? Self.newIstio : Self.laterIstio }

    /// The values that switch the packages of the new control plane.
    var controlPlanePackages: [String] { hasCore ? ["istioCore"] : ["istioCRDs", "istiod"] }

    /// The values of a cluster that nobody has taken over, or that needs no takeover.
    var firstValues: String {
        let old = hasOperator ? ["istioOperator", "istio"] : []
        let new = controlPlanePackages + ["istioGateway"]
        return "domain: bigbang.example\n"
            + (old.map { Self.flag($0, true) } + new.map { Self.flag($0, !hasOperator) }).joined()
    }

    /// The values that stand in no repository: the gateways' certificates.
    static let secretValues = """
        istioGateway:
          values:
            gateways:
              public:
                gatewayCerts: [{"name": "public-cert", "tls": {"cert": "-", "key": "-"}}]

        """

    private static func flag(_ package: String, _ isOn: Bool) -> String {
        "\(package):\n  enabled: \(isOn)\n"
    }
}
