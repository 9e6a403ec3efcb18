/// How a run stands at one moment, as every view shows it.
///
/// It is folded from the journal alone, so that the live view, `status` and a
/// report cannot disagree.
public struct RunSnapshot: Hashable, Sendable, Codable {
    public var run: RunID
    public var takeover: String
    /// The run that this one takes back, if it does.
    public var rollsBack: RunID?
    public var policy: String
    public var state: State
    public var startedAt: Timestamp?
    /// When it came to its end; `nil` while it may go on.
    public var endedAt: Timestamp?
    /// Why the run was begun, where the operator said so.
    public var startReason: String?
    public var takenAt: Timestamp
    /// Why the run stands still, if it does.
    public var halt: Halt?
    public var waves: [WaveView]
    /// Clusters worth a line: in flight, waiting, failed or deferred, in the plan's order.
    public var clusters: [ClusterView]
    /// What somebody has answered for, in the plan's order.
    public var waivers: [WaivedCheck]
    /// What happens next, as a sentence.
    public var next: String

    public init(
        run: RunID, takeover: String, rollsBack: RunID? = nil, policy: String, state: State,
        startedAt: Timestamp?, endedAt: Timestamp? = nil, startReason: String? = nil,
        takenAt: Timestamp, halt: Halt?, waves: [WaveView], clusters: [ClusterView],
        waivers: [WaivedCheck] = [], next: String
    ) {
        self.run = run
        self.takeover = takeover
        self.rollsBack = rollsBack
        self.policy = policy
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.startReason = startReason
        self.takenAt = takenAt
        self.halt = halt
        self.waves = waves
        self.clusters = clusters
        self.waivers = waivers
        self.next = next
    }

    /// Whether nothing moves because a window is closed.
    public var waitsForWindow: Bool {
        state == .running && waves.contains { $0.opensAt != nil && $0.inFlight == 0 }
    }

    public enum State: String, Hashable, Sendable, Codable {
        case planned, awaitingApproval, running, soaking, halting, halted, aborting, aborted
        case completed, completedWithExceptions
    }

    public struct WaveView: Hashable, Sendable, Codable {
        public var phase: String
        public var name: String
        public var state: State
        public var isCanary: Bool
        public var clusters: Int
        public var succeeded: Int
        /// Of those that succeeded, how many needed no change.
        public var unchanged: Int
        public var inFlight: Int
        public var waiting: Int
        public var failed: Int
        public var deferred: Int
        /// Those that succeeded, in the wave's order.
        public var done: [ClusterName] = []
        public var maxConcurrency: Int
        public var maxFailures: Int
        public var soak: Duration
        /// When the soak that is under way ends.
        public var soaksUntil: Timestamp?
        /// When a window lets the wave go on, if it waits for nothing else.
        public var opensAt: Timestamp?

        public init(
            phase: String, name: String, state: State, isCanary: Bool, clusters: Int,
            succeeded: Int = 0, unchanged: Int = 0, inFlight: Int = 0, waiting: Int = 0,
            failed: Int = 0, deferred: Int = 0, maxConcurrency: Int, maxFailures: Int,
            soak: Duration, soaksUntil: Timestamp? = nil, opensAt: Timestamp? = nil
        ) {
            self.phase = phase
            self.name = name
            self.state = state
            self.isCanary = isCanary
            self.clusters = clusters
            self.succeeded = succeeded
            self.unchanged = unchanged
            self.inFlight = inFlight
            self.waiting = waiting
            self.failed = failed
            self.deferred = deferred
            self.maxConcurrency = maxConcurrency
            self.maxFailures = maxFailures
            self.soak = soak
            self.soaksUntil = soaksUntil
            self.opensAt = opensAt
        }

        public enum State: String, Hashable, Sendable, Codable {
            case pending, awaitingApproval, rolling, soaking, passed, skipped
        }
    }

    public struct ClusterView: Hashable, Sendable, Codable {
        public var name: ClusterName
        /// Position in ``RunSnapshot/waves``.
        public var wave: Int
        public var state: State
        public var step: String
        /// Which try, from one; zero before the first.
        public var attempt: Int
        public var since: Timestamp
        /// The latest words about the cluster: a failure's reason or what is waited for.
        public var words: String

        public init(
            name: ClusterName, wave: Int, state: State, step: String, attempt: Int,
            since: Timestamp, words: String
        ) {
            self.name = name
            self.wave = wave
            self.state = state
            self.step = step
            self.attempt = attempt
            self.since = since
            self.words = words
        }

        public enum State: String, Hashable, Sendable, Codable {
            case running, waiting, failed, timedOut, unreachable, inDoubt, quarantined, deferred
        }
    }
}
