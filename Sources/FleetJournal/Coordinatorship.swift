public import FleetModel
import Foundation

/// Who leads a run, or led it last.
public struct Coordinatorship: Hashable, Sendable {
    public let host: String
    public let pid: Int
    /// Rises by one with each coordinator of the run; only the latest may write.
    public let epoch: Int
    /// When it last wrote anything.
    public let lastHeard: Timestamp
    /// Whether it gave the run back in good order.
    public let hasEnded: Bool

    /// The process as a person can look for it.
    public var place: String { "process \(pid) on \(host)" }

    func hint(_ run: RunID) -> String {
        let halt = "stop it with `bellwether halt \(run)`"
        // What runs here holds the lock for as long as it lives.
        guard host != ProcessInfo.processInfo.hostName else { return halt }
        return halt + "; if \(host) is gone for good, the run may be resumed from elsewhere "
            + "\(heartbeatLimit.short) after it was last heard"
    }
}

/// How long a coordinator on another host counts as alive after it last wrote.
///
/// On one host the system's lock tells the living from the dead at once. Over
/// a shared file system that can't be relied upon, so silence has to do: twelve
/// missed heartbeats, long enough for a laptop's network to come back.
public let heartbeatLimit: Duration = .minutes(2)

/// How often a coordinator with nothing to journal says that it is alive.
public let heartbeatInterval: Duration = .seconds(10)
