import FleetModel

/// A setting of the Big Bang runbook, by the name it has under `parameters`.
enum BigBangParameter: String, CaseIterable, Sendable {
    case delivery
    case hook
    case routes
    case orphans
    case valuesInGit
    case allowNewRoot
    case allowMTLSChange
    case allowNewTrustDomain
    case allowOutboundChange
    case goneGateways
    case finishHold

    var form: ParameterForm {
        switch self {
        case .delivery: .choice(BigBangSettings.Delivery.allCases.map(\.rawValue))
        case .hook, .goneGateways: .list
        case .routes: .choice(["patch", "others"])
        case .orphans: .choice(["keep", "delete"])
        case .finishHold: .duration
        case .valuesInGit, .allowNewRoot, .allowMTLSChange, .allowNewTrustDomain,
            .allowOutboundChange:
            .flag
        }
    }

    static let table = ParameterTable(
        own: allCases.map { ($0.rawValue, $0.form) } + AddressParameter.forms)
}
