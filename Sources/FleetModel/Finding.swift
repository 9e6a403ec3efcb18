/// Something a preflight found out about a cluster, under the number of its check.
public struct Finding: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number of a ``PreflightCheck``.
    public let check: String
    public let severity: Severity
    public let words: String

    public init(_ check: String, _ severity: Severity, _ words: String) {
        (self.check, self.severity, self.words) = (check, severity, words)
    }

    public enum Severity: String, Hashable, Comparable, Sendable, Codable, CaseIterable {
        /// Good to know.
        case note
        /// Somebody should look at it; the takeover goes on.
        case warn
        /// Nothing of the cluster is touched while it is so.
        case block

        public static func < (lesser: Severity, greater: Severity) -> Bool {
            lesser.rank < greater.rank
        }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public var description: String { "\(check) \(words)" }

    /// The finding as it counts for a cluster: what somebody has answered for does not block.
    public func waived(by cluster: Cluster) -> Finding {
        guard severity == .block, let reason = cluster.waivers?[check] else { return self }
        return Finding(check, .warn, "\(words) (waived: \(reason))")
    }
}

/// One of the questions a preflight asks of a cluster.
public struct PreflightCheck: Hashable, Sendable, Codable {
    /// Short, such as `P07`: it is a column's title.
    public let number: String
    /// What is well when it finds nothing.
    public let title: String
    /// What to do about what it finds.
    public let cure: String

    public init(_ number: String, _ title: String, cure: String) {
        (self.number, self.title, self.cure) = (number, title, cure)
    }
}

/// What a preflight says after a look at what has been read.
public enum PreflightAnswer: Hashable, Sendable {
    /// Ask again once these have been read too.
    case needs([Reading])
    /// What was read makes no sense yet; look again.
    case unclear(String)
    case failed(Failure)
    /// In the order of the checks; empty when all is well.
    case findings([Finding])
}
