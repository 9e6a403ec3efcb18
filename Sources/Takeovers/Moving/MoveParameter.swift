import FleetModel

/// A setting of every runbook, by the name it has under `parameters`.
enum MoveParameter: String, CaseIterable, Sendable {
    case probeHold
    case settle
    case proofHold
    case poll
    case first
    case last
    case failedRollout
    case allowLeftBehind
    case allowSkew
    case waived
    case platform
    case testNamespace
    case testImage
    case clientImage
    case testTraffic
    case askIstiod
    case probes
    case probeErrors
    case analysis

    var form: ParameterForm {
        switch self {
        case .testNamespace, .testImage, .clientImage: .text
        case .probeHold, .settle, .proofHold, .poll: .duration
        case .failedRollout: .choice(MoveSettings.FailedRollout.allCases.map(\.rawValue))
        case .platform: .choice(["openshift"])
        case .first, .last, .waived: .list
        case .probes: .probes
        case .probeErrors: .percent
        case .analysis: .choice(MoveSettings.Analysis.allCases.map(\.rawValue))
        case .allowLeftBehind, .allowSkew, .testTraffic, .askIstiod: .flag
        }
    }
}
