public import FleetModel

/// What a rehearsal found out.
///
/// Every length is an estimate of real time: what passed in the lab, with what kubectl and
/// its like took counted as it was here.
public struct RehearsalReport: Hashable, Sendable {
    public var takeover: String
    public var policy: String
    /// Lab time for each second of ours.
    public var speed: Double
    /// How many clusters were played.
    public var clusters: Int
    /// When the oldest of the surveys was taken that the lab was made from.
    public var surveyedAt: Timestamp?
    public var waves: [WaveTime] = []
    /// The steps that took longest, the longest first.
    public var slowestSteps: [StepTime] = []
    /// The clusters that took longest in all phases together, the longest first.
    public var slowestClusters: [ClusterTime] = []
    /// Clusters that did not get through, in the plan's order.
    public var troubles: [Trouble] = []
    public var faults: [Fault] = []
    public var halt: Halted?
    /// What a real run would have ended with.
    public var exitCode: ExitCode
    public var leftOut: [Plan.LeftOut] = []
    /// What went otherwise than it would in earnest, one sentence each.
    public var liberties: [String] = []
    /// How clusters of the lab differ from what was surveyed, in the plan's order.
    public var differences: [Difference] = []

    public init(
        takeover: String, policy: String, speed: Double, clusters: Int, exitCode: ExitCode
    ) {
        (self.takeover, self.policy, self.speed) = (takeover, policy, speed)
        (self.clusters, self.exitCode) = (clusters, exitCode)
    }

    public struct WaveTime: Hashable, Sendable {
        public var phase: String
        public var name: String
        public var clusters: Int
        public var succeeded: Int
        /// `nil` for one that never began.
        public var length: Duration?
        /// The time of its clusters' commands, which may have run side by side.
        public var commands: Duration
        /// The part of the length in which nothing but the soak went on.
        public var soak: Duration

        public init(
            phase: String, name: String, clusters: Int, succeeded: Int, length: Duration?,
            commands: Duration, soak: Duration
        ) {
            (self.phase, self.name) = (phase, name)
            (self.clusters, self.succeeded) = (clusters, succeeded)
            (self.length, self.commands, self.soak) = (length, commands, soak)
        }
    }

    /// How long a step took on one cluster, all tries together.
    public struct StepTime: Hashable, Sendable {
        public var phase: String
        public var step: String
        public var cluster: ClusterName
        public var length: Duration
        public var commands: Duration

        public init(
            phase: String, step: String, cluster: ClusterName, length: Duration,
            commands: Duration
        ) {
            (self.phase, self.step, self.cluster) = (phase, step, cluster)
            (self.length, self.commands) = (length, commands)
        }
    }

    public struct ClusterTime: Hashable, Sendable {
        public var cluster: ClusterName
        public var length: Duration
        public var commands: Duration

        public init(cluster: ClusterName, length: Duration, commands: Duration) {
            (self.cluster, self.length, self.commands) = (cluster, length, commands)
        }
    }

    /// A cluster that did not get through.
    public struct Trouble: Hashable, Sendable {
        public var cluster: ClusterName
        public var state: RunSnapshot.ClusterView.State
        public var phase: String
        public var wave: String
        public var step: String
        public var words: String

        public init(
            cluster: ClusterName, state: RunSnapshot.ClusterView.State, phase: String,
            wave: String, step: String, words: String
        ) {
            (self.cluster, self.state) = (cluster, state)
            (self.phase, self.wave, self.step, self.words) = (phase, wave, step, words)
        }
    }

    /// A fault that was asked for, on one cluster.
    public struct Fault: Hashable, Sendable {
        public var cluster: ClusterName
        public var name: String
        /// Whether it is a management cluster, which takes no steps of its own.
        public var isManagement: Bool

        public init(cluster: ClusterName, name: String, isManagement: Bool = false) {
            (self.cluster, self.name) = (cluster, name)
            self.isManagement = isManagement
        }
    }

    /// Where the fleet would have halted.
    public struct Halted: Hashable, Sendable {
        public var reason: String
        public var phase: String
        public var wave: String
        /// Clusters on which a step that changes something had begun.
        public var touched: Int

        public init(reason: String, phase: String, wave: String, touched: Int) {
            (self.reason, self.phase, self.wave) = (reason, phase, wave)
            self.touched = touched
        }
    }

    public struct Difference: Hashable, Sendable {
        public var cluster: ClusterName
        /// One clause for each fact, such as `owner Rollout shop/web is missing`.
        public var words: [String]

        public init(cluster: ClusterName, words: [String]) {
            (self.cluster, self.words) = (cluster, words)
        }
    }

    /// The length of each phase: its waves one after another.
    public var phases: [(name: String, length: Duration)] {
        var lengths: [(name: String, length: Duration)] = []
        for wave in waves {
            guard let length = wave.length else { continue }
            if lengths.last?.name == wave.phase {
                lengths[lengths.count - 1].length += length
            } else {
                lengths.append((wave.phase, length))
            }
        }
        return lengths
    }

    public var length: Duration { phases.reduce(.zero) { $0 + $1.length } }

    /// What became of a cluster that had a fault.
    func fate(of fault: Fault) -> String {
        if fault.isManagement { return "shows in what became of its clusters" }
        guard let trouble = troubles.first(where: { $0.cluster == fault.cluster }) else {
            return halt == nil ? "got through" : "got no further than the others"
        }
        return "\(trouble.state.rehearsed) at \(trouble.phase)/\(trouble.step)"
    }
}

extension RunSnapshot.ClusterView.State {
    /// What would have become of the cluster, as the end of a sentence.
    var rehearsed: String {
        switch self {
        case .running: "was still at work"
        case .waiting: "would wait"
        case .failed: "would fail"
        case .timedOut: "would run out of time"
        case .unreachable: "would be out of reach"
        case .inDoubt: "would be in doubt"
        case .quarantined: "would be quarantined"
        case .deferred: "would be put aside untouched"
        }
    }
}
