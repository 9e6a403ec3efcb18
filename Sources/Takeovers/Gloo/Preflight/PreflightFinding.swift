import FleetModel

/// Something the preflight found, under the number of its check.
struct PreflightFinding: Hashable, Sendable, CustomStringConvertible {
    let check: String
    let isBlocking: Bool
    let words: String

    static func block(_ check: String, _ words: String) -> PreflightFinding {
        PreflightFinding(check: check, isBlocking: true, words: words)
    }

    static func note(_ check: String, _ words: String) -> PreflightFinding {
        PreflightFinding(check: check, isBlocking: false, words: words)
    }

    var description: String { "\(check) \(words)" }
}
