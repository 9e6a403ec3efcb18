import FleetModel
import Synchronization

/// What is broken in one cluster, now and by plan.
///
/// Shared by the world, that acts by it, and whoever breaks and mends.
final class FaultBoard: Sendable {
    private let faults = Mutex<[ScheduledFault]>([])
    /// Calls that wait for a break or a mend to be noticed.
    private let changes = Mutex(0)

    /// A fault of the same name is replaced.
    func add(_ fault: ScheduledFault) {
        faults.withLock { faults in
            faults.removeAll { $0.fault.name == fault.fault.name }
            faults.append(fault)
        }
        changes.withLock { $0 += 1 }
    }

    /// Ends the faults of a name, or all.
    func remove(_ name: String?) {
        faults.withLock { faults in
            faults.removeAll { name == nil || $0.fault.name == name }
        }
        changes.withLock { $0 += 1 }
    }

    /// Counts breaks and mends, so that a world knows that it has to look again.
    var version: Int { changes.withLock { $0 } }

    var all: [ScheduledFault] {
        faults.withLock { $0 }.sorted { ($0.start, $0.fault.name) < ($1.start, $1.fault.name) }
    }

    func active(at now: LabTime) -> ActiveFaults {
        ActiveFaults(all.filter { $0.isActive(at: now) })
    }

    func nextChange(after now: LabTime) -> LabTime? {
        all.flatMap { [$0.start, $0.end].compactMap { $0 } }.filter { $0 > now }.min()
    }

    /// Refuses what a fault doesn't let in.
    func admit(_ resource: String, _ object: JSON, now: LabTime) throws(StatusError) {
        guard resource == "pods", let refusal = active(at: now).refusal(of: object) else { return }
        throw refusal
    }
}
