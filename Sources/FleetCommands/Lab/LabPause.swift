import FleetRunner

/// Waiting for another process of ours to get somewhere.
enum LabPause {
    static func brief() async { await RunClock.live.sleep(.milliseconds(50)) }
}
