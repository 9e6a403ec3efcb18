import FleetModel

/// A setting of the Gloo runbook alone, by the name it has under `parameters`.
enum GlooParameter: String, CaseIterable, Sendable {
    case trustDomain
    case namespaces
    case gateways
    case removeGateways
    case removeNamespaces
    case clearFinalizers

    var form: ParameterForm {
        switch self {
        case .trustDomain: .text
        case .namespaces: .choice(["relabel"])
        case .gateways: .choice(["none", "dns"])
        case .removeGateways: .list
        case .removeNamespaces: .namespaces
        case .clearFinalizers: .choices(["istiooperators"])
        }
    }

    static let table = ParameterTable(
        own: allCases.map { ($0.rawValue, $0.form) } + AddressParameter.forms)
}
