public import FleetModel

/// Whether a plan's windows ever let its clusters begin.
public struct WindowChecks {
    private let plan: Plan
    private let times: WindowTimes
    private let now: Timestamp

    public init(plan: Plan, times: WindowTimes, at now: Timestamp) {
        (self.plan, self.times, self.now) = (plan, times, now)
    }

    /// - Throws: every problem at once.
    public func check() throws(PlanProblems) {
        let problems = rulesForNobody + plan.phases.flatMap(clustersWithoutWindow)
        guard problems.isEmpty else { throw PlanProblems(problems) }
    }

    private var rulesForNobody: [PlanProblem] {
        (plan.windows?.rules ?? []).filter { rule in
            !plan.clusters.contains { rule.clusters?.matches($0.labels) ?? true }
        }.map { .windowForNobody($0) }
    }

    private func clustersWithoutWindow(in phase: Phase) -> [PlanProblem] {
        let clusters = Dictionary(
            plan.clusters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return phase.waves.compactMap { wave in
            let needed = timeNeeded(in: wave)
            let shut = wave.clusters.compactMap { clusters[$0] }.compactMap { cluster in
                let hours = plan.openHours(of: phase.name, on: cluster, at: times)
                let opening = hours.opening(from: now, for: needed)
                return opening == nil
                    ? (name: cluster.name, longest: hours.longest(from: now)) : nil
            }
            guard let longest = shut.map(\.longest).max() else { return nil }
            return .noWindow(
                shut.map(\.name), phase: phase.name, needed: needed, longest: longest)
        }
    }

    private func timeNeeded(in wave: Wave) -> Duration {
        guard let windows = plan.windows else { return .zero }
        return windows.timeNeeded(for: wave.progressDeadline)
    }
}
