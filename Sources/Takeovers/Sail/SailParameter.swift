import FleetModel

/// A setting of the sail runbook alone, by the name it has under `parameters`.
enum SailParameter: String, CaseIterable, Sendable {
    case istio
    case namespaces

    var form: ParameterForm {
        switch self {
        case .istio: .text
        case .namespaces: .choice(["relabel"])
        }
    }

    static let table = ParameterTable(own: allCases.map { ($0.rawValue, $0.form) })
}
