import FleetModel

extension RunSnapshot {
    /// A run in the middle of its second phase, with one cluster in trouble.
    static let sample = RunSnapshot(
        run: "7F3K", takeover: "istio-1-25", policy: "careful", state: .running,
        startedAt: at(0), takenAt: at(724), halt: nil,
        waves: [
            wave("prepare", "canary", .passed, of: 1, done: 1),
            wave("prepare", "rest", .passed, of: 12, done: 12),
            wave("takeover", "canary", .passed, of: 1, done: 1),
            WaveView(
                phase: "takeover", name: "rest", state: .rolling, isCanary: false, clusters: 12,
                succeeded: 7, inFlight: 2, failed: 1, maxConcurrency: 3, maxFailures: 1,
                soak: .zero),
            wave("retire", "canary", .pending, of: 1),
            wave("retire", "rest", .pending, of: 12),
        ],
        clusters: [
            ClusterView(
                name: "edge-014", wave: 3, state: .running, step: "activate", attempt: 2,
                since: at(676), words: "the new control plane answers 2 of 3 probes"),
            ClusterView(
                name: "edge-019", wave: 3, state: .running, step: "restart", attempt: 1,
                since: at(712), words: ""),
            ClusterView(
                name: "edge-022", wave: 3, state: .failed, step: "activate", attempt: 3,
                since: at(594), words: "the injection probe still answers revision 1-24"),
        ],
        next: "2 more clusters of wave rest start as others finish.")

    static func at(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_767_276_000_000 + seconds * 1_000)
    }

    static func wave(
        _ phase: String, _ name: String, _ state: WaveView.State, of clusters: Int, done: Int = 0
    ) -> WaveView {
        WaveView(
            phase: phase, name: name, state: state, isCanary: name == "canary",
            clusters: clusters, succeeded: done, maxConcurrency: 3, maxFailures: 1,
            soak: name == "canary" ? .minutes(10) : .zero)
    }

    func changed(_ change: (inout RunSnapshot) -> Void) -> RunSnapshot {
        var copy = self
        change(&copy)
        return copy
    }
}
