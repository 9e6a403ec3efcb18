/// The rules of a plan's windows as moments, which only somebody with a calendar can tell.
public struct WindowTimes: Hashable, Sendable {
    /// For each rule, in the order of ``Windows/rules``, when it holds.
    public let rules: [OpenHours]

    public init(_ rules: [OpenHours]) { self.rules = rules }

    /// The times of a plan that has no windows.
    public static let none = WindowTimes([])
}

extension Plan {
    /// When a cluster may begin a phase. One that no `allow` is about may at any time.
    public func openHours(
        of phase: String, on cluster: Cluster, at times: WindowTimes
    ) -> OpenHours {
        let rules = zip(windows?.rules ?? [], times.rules).filter { rule, _ in
            rule.isAbout(phase, of: cluster)
        }
        let spans = { (effect: WindowRule.Effect) in
            rules.filter { $0.0.effect == effect }.flatMap(\.1.spans)
        }
        let isAllowed = rules.contains { $0.0.effect == .allow }
        let allowed = isAllowed ? OpenHours(spans(.allow)) : .always
        return allowed.subtracting(OpenHours(spans(.deny)))
    }
}
