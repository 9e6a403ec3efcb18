import FleetModel

/// The parameters of the Gloo runbook alone, read.
struct GlooSettings: Hashable, Sendable {
    private let parameters: [String: JSON]

    init(_ parameters: [String: JSON]) { self.parameters = parameters }

    /// The trust domain to keep; `nil` leaves it at the old control plane's.
    var trustDomain: String? { self[.trustDomain]?.nonEmpty }

    /// Whether namespaces are given the new revision's name, one by one, and the default stays
    /// with the old one for as long as that is there.
    var relabelsNamespaces: Bool { self[.namespaces]?.string == "relabel" }

    /// Whether clients are led to the new gateways by somebody else.
    var leavesGatewaysAlone: Bool { self[.gateways]?.nonEmpty == "none" }

    /// Whether clients of gateways in other namespaces are led to the new ones by DNS.
    var leadsByDNS: Bool { self[.gateways]?.string == "dns" }

    /// Whether a Service of old gateways may go although none of the new ones stands for it.
    func mayGo(_ service: JSON) -> Bool {
        (self[.removeGateways]?.array ?? []).contains { $0.string == service.qualifiedName }
    }

    /// Namespaces that go in the end, once nothing is in them.
    var namespacesToRemove: [String] {
        (self[.removeNamespaces]?.array ?? []).compactMap(\.string)
    }

    /// Whether IstioOperators lose their finalizer where the operator that it waits for is gone.
    var clearsFinalizers: Bool {
        (self[.clearFinalizers]?.array ?? []).contains { $0.string == "istiooperators" }
    }

    private subscript(parameter: GlooParameter) -> JSON? { parameters[parameter.rawValue] }
}
