import FleetModel

/// What the state of an installation means to us.
enum LifecycleState: Hashable, Sendable {
    case healthy
    case waiting(String)
    /// Often passes by itself, so it counts as failed only when it stays.
    case attention(String)
    case failed(String)

    /// Reads a state, exactly: `UNHEALTHY` ends in `HEALTHY`.
    init(_ state: String, message: String?) {
        let words = message.map { "\(state): \($0)" } ?? state
        switch state {
        case "HEALTHY": self = .healthy
        case "UNHEALTHY", "ACTION_REQUIRED", "NO_CONTROL_PLANE_AVAILABLE": self = .attention(words)
        case "FAILED", "CONTROLLER_INSTALL_FAILED", "CONTROL_PLANE_INSTALL_FAILED":
            self = .failed(words)
        default: self = .waiting(words)
        }
    }

    /// The one of several clusters' states that decides.
    static func worst(of states: [LifecycleState]) -> LifecycleState {
        states.max { $0.severity < $1.severity } ?? .healthy
    }

    private var severity: Int {
        switch self {
        case .healthy: 0
        case .waiting: 1
        case .attention: 2
        case .failed: 3
        }
    }
}
