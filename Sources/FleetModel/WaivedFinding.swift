/// What a preflight found that would have kept a cluster out, had nobody answered for it.
public struct WaivedFinding: Hashable, Sendable, Codable {
    /// The number of a ``PreflightCheck``.
    public let check: String
    /// What it found.
    public let words: String
    /// Why the cluster goes on all the same, as its inventory says.
    public let reason: String

    public init(_ check: String, _ words: String, because reason: String) {
        (self.check, self.words, self.reason) = (check, words, reason)
    }
}

extension Cluster {
    /// What somebody has answered for among these findings, by the number of its check.
    public func waivers(of findings: [Finding]) -> [WaivedFinding] {
        waivedChecks.compactMap { waiver in
            let words = findings.filter { $0.check == waiver.check && $0.severity == .block }
                .map(\.words)
            return words.isEmpty
                ? nil
                : WaivedFinding(
                    waiver.check, words.joined(separator: "; "), because: waiver.reason)
        }
    }
}
