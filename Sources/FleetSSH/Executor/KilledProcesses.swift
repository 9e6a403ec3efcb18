import FleetModel
import Synchronization

/// Which processes of which commands were killed, until their results are made.
final class KilledProcesses: Sendable {
    /// Commands under way, and what was killed of them.
    private let processes = Mutex<[CommandID: [String]]>([:])

    func expect(_ id: CommandID) {
        processes.withLock { $0[id] = $0[id] ?? [] }
    }

    /// What comes when the result is out already has nobody to be told to.
    func note(_ names: [String], of id: CommandID) {
        processes.withLock { processes in
            guard let known = processes[id] else { return }
            processes[id] = known + names.filter { !known.contains($0) }
        }
    }

    func take(of id: CommandID) -> [String] {
        processes.withLock { $0.removeValue(forKey: id) ?? [] }
    }
}
