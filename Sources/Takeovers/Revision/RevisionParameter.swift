import FleetModel

/// A setting of the revision runbook alone, by the name it has under `parameters`.
enum RevisionParameter: String, CaseIterable, Sendable {
    case install
    case charts
    case chartVersion
    case gateways
    case gatewayHold
    case agents
    case namespaces
    case pending
    case oldRelease

    var form: ParameterForm {
        switch self {
        case .install: .choice(RevisionSettings.Installer.allCases.map(\.rawValue))
        case .charts: .texts(RevisionChart.allCases.map(\.rawValue))
        case .chartVersion, .oldRelease: .text
        case .gateways: .gateways
        case .gatewayHold: .duration
        case .agents: .texts(RevisionChart.agents.map(\.rawValue))
        case .namespaces: .choice(["relabel"])
        case .pending: .choice(["recover"])
        }
    }

    /// What only Helm has.
    static let ofHelm: [RevisionParameter] = [
        .charts, .chartVersion, .gateways, .gatewayHold, .agents, .pending, .oldRelease,
    ]

    static let table = ParameterTable(own: allCases.map { ($0.rawValue, $0.form) })
}

/// The charts of Istio, by the names they have under `charts`.
enum RevisionChart: String, CaseIterable, Sendable {
    case base
    case istiod
    case cni
    case ztunnel
    case gateway

    /// What runs once on every node, in the order in which it is brought to a new version.
    static let agents: [RevisionChart] = [.cni, .ztunnel]
}
