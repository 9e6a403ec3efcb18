/// A number of clusters, written as a count or as a share of a wave.
public enum Amount: Hashable, Sendable, Codable {
    case count(Int)
    /// A whole percentage, from 0 to 100.
    case percent(Int)
}

extension Amount: CustomStringConvertible {
    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .percent(let percent): "\(percent)%"
        }
    }
}
