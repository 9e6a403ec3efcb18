import FleetModel

/// When which cluster may begin which phase. Clusters with the same hours share a number.
struct HoursTable: Hashable, Sendable {
    let hours: [OpenHours]
    /// For each phase and each of the plan's clusters; empty for a plan without windows.
    private let numbers: [[Int]]

    init(of plan: Plan, at times: WindowTimes) {
        let rules = plan.windows?.rules ?? []
        precondition(times.rules.count == rules.count, "The times are not those of the windows.")
        guard !rules.isEmpty else {
            (hours, numbers) = ([.always], [])
            return
        }
        var (hours, known): ([OpenHours], [[Bool]: Int]) = ([], [:])
        numbers = plan.phases.map { phase in
            plan.clusters.map { cluster in
                let concerned = rules.map { $0.isAbout(phase.name, of: cluster) }
                if let number = known[concerned] { return number }
                known[concerned] = hours.count
                hours.append(plan.openHours(of: phase.name, on: cluster, at: times))
                return hours.count - 1
            }
        }
        self.hours = hours
    }

    /// The number of a cluster's hours in a phase.
    func number(of place: Int, inPhase phase: Int) -> Int {
        numbers.isEmpty ? 0 : numbers[phase][place]
    }
}
