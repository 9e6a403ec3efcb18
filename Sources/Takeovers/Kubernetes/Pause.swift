import FleetModel

/// Why a step cannot answer with what it has read.
enum Pause: Error, Hashable {
    /// These have to be read first.
    case needs([Reading])
    /// What was read makes no sense yet, or may soon make another.
    case unclear(String)
    case failed(Failure)
    /// Likewise, and something is to be done about it.
    case remediable(Failure, Remedy)

    var observation: Observation {
        switch self {
        case .needs(let readings): .needs(readings)
        case .unclear(let reason): .unknown(reason)
        case .failed(let failure), .remediable(let failure, _): .failed(failure)
        }
    }

    static func terminal(_ reason: String) -> Pause { .failed(Failure(.terminal, reason)) }
}
