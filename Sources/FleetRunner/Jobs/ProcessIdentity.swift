import Foundation

/// One process of this host, told apart from any that gets its pid later.
struct ProcessIdentity: Hashable, Sendable {
    let pid: Int32
    /// In clock ticks since the host started, as field 22 of `/proc/PID/stat`.
    let startTime: UInt64

    /// Whether the process is there and not merely waiting to be reaped.
    var isAlive: Bool {
        guard let stat = ProcessStat(of: pid) else { return false }
        return stat.startTime == startTime && !stat.isDead
    }

    /// Signals the process if it is still the one that was meant.
    func send(_ signal: Int32) {
        if isAlive { kill(pid, signal) }
    }
}
