import FleetModel

extension Windows {
    /// None, or up to three rules for all of the clusters or half of them.
    static func random(using random: inout SeededGenerator) -> Windows? {
        guard random.chance(40) else { return nil }
        let rules = (1...Int.random(in: 1...3, using: &random)).map { _ in
            WindowRule(
                random.chance(60) ? .allow : .deny,
                .weekly(Weekday.allCases, from: .midnight, to: .midnight), zone: "UTC",
                clusters: random.chance(50) ? Selector(matchLabels: ["half": "a"]) : nil,
                phases: ["phase-0", "phase-1", "phase-2"].filter { _ in random.chance(70) })
        }
        return Windows(
            rules, overrun: random.chance(50) ? .finish : .drainToSafePoint,
            margin: .seconds(Int.random(in: 0...600, using: &random)))
    }
}

extension WindowTimes {
    /// Drawn times for the rules of a plan. They all let it go on in the end.
    static func random(for plan: Plan, using random: inout SeededGenerator) -> WindowTimes {
        WindowTimes(
            (plan.windows?.rules ?? []).map { rule in
                var edge = Timestamp(milliseconds: 0)
                let spans = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    let start = edge + .seconds(Int.random(in: 0...3_600, using: &random))
                    edge = start + .seconds(Int.random(in: 60...7_200, using: &random))
                    return start..<edge
                }
                return OpenHours(spans + (rule.effect == .allow ? [edge ..< .distantFuture] : []))
            })
    }
}
