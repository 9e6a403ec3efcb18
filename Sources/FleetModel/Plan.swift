/// What a run will do, decided before it starts and never changed after.
public struct Plan: Hashable, Sendable, Codable {
    public let takeover: Takeover
    /// The name of the policy the plan was made from.
    public let policy: String
    public let phases: [Phase]
    /// Every cluster the plan changes, in the order the first phase takes them.
    public let clusters: [Cluster]
    public let managementClusters: [Cluster]
    /// The bastions that lead to those clusters, and those that lead to these.
    public let bastions: [Bastion]
    public let leftOut: [LeftOut]
    public let limits: Limits
    /// When clusters may begin a phase; `nil` for at any time.
    public let windows: Windows?

    public init(
        takeover: Takeover, policy: String, phases: [Phase], clusters: [Cluster],
        managementClusters: [Cluster] = [], bastions: [Bastion] = [], leftOut: [LeftOut] = [],
        limits: Limits = Limits(), windows: Windows? = nil
    ) {
        precondition(!phases.isEmpty, "A plan needs at least one phase.")
        self.takeover = takeover
        self.policy = policy
        self.phases = phases
        self.clusters = clusters
        self.managementClusters = managementClusters
        self.bastions = bastions
        self.leftOut = leftOut
        self.limits = limits
        self.windows = windows
    }

    /// The limits that hold for the whole run.
    public struct Limits: Hashable, Sendable, Codable {
        public var maxConcurrency: Int
        public var managementConcurrency: Int?
        public var maxFailures: Int?
        public var maxDeferred: Int
        public var maxAttempts: Int
        public var drainDeadline: Duration

        public init(
            maxConcurrency: Int = 10, managementConcurrency: Int? = nil, maxFailures: Int? = nil,
            maxDeferred: Int = 0, maxAttempts: Int = 1, drainDeadline: Duration = .minutes(15)
        ) {
            precondition(maxConcurrency > 0, "A run that may change no cluster can't end.")
            precondition(maxAttempts > 0, "A step needs at least one attempt.")
            self.maxConcurrency = maxConcurrency
            self.managementConcurrency = managementConcurrency
            self.maxFailures = maxFailures
            self.maxDeferred = maxDeferred
            self.maxAttempts = maxAttempts
            self.drainDeadline = drainDeadline
        }
    }

    /// A cluster of the inventory that the plan does not touch, and why.
    public struct LeftOut: Hashable, Sendable, Codable {
        public let cluster: ClusterName
        public let reason: String

        public init(_ cluster: ClusterName, because reason: String) {
            (self.cluster, self.reason) = (cluster, reason)
        }
    }
}

/// A part of the runbook that the fleet goes through before the next may begin.
public struct Phase: Hashable, Sendable, Codable {
    public let name: String
    /// The steps, in the order every cluster takes them.
    public let steps: [StepOutline]
    /// The waves, canary first.
    public let waves: [Wave]

    public init(_ name: String, steps: [StepOutline], waves: [Wave]) {
        precondition(!steps.isEmpty, "Phase \(name) has no steps.")
        precondition(!waves.isEmpty, "Phase \(name) has no waves.")
        (self.name, self.steps, self.waves) = (name, steps, waves)
    }
}

/// A group of clusters that change together, before the next group may.
public struct Wave: Hashable, Sendable, Codable {
    public let name: String
    public let clusters: [ClusterName]
    public var isCanary: Bool
    /// How many clusters may be changing at once.
    public var maxConcurrency: Int
    /// How many clusters may fail before the run halts.
    public var maxFailures: Int
    /// How long the wave must stay healthy before it passes.
    public var soak: Duration
    /// How long one cluster may take for this phase.
    public var progressDeadline: Duration
    /// Whether an operator must approve the wave before it starts.
    public var needsApproval: Bool
    public var exposure: Exposure

    public init(
        _ name: String, clusters: [ClusterName], isCanary: Bool = false, maxConcurrency: Int = 1,
        maxFailures: Int = 0, soak: Duration = .zero, progressDeadline: Duration = .minutes(60),
        needsApproval: Bool = false, exposure: Exposure = .soft
    ) {
        precondition(!clusters.isEmpty, "Wave \(name) has no clusters.")
        precondition(maxConcurrency > 0, "Wave \(name) may change no cluster.")
        self.name = name
        self.clusters = clusters
        self.isCanary = isCanary
        self.maxConcurrency = maxConcurrency
        self.maxFailures = maxFailures
        self.soak = soak
        self.progressDeadline = progressDeadline
        self.needsApproval = needsApproval
        self.exposure = exposure
    }
}

/// Where a wave stands in a plan, counting both from zero.
public struct WavePosition: Hashable, Comparable, Sendable, Codable {
    public let phase: Int
    public let wave: Int

    public init(phase: Int, wave: Int) { (self.phase, self.wave) = (phase, wave) }

    public static func < (lhs: WavePosition, rhs: WavePosition) -> Bool {
        (lhs.phase, lhs.wave) < (rhs.phase, rhs.wave)
    }
}

extension Plan {
    public func wave(at position: WavePosition) -> Wave {
        phases[position.phase].waves[position.wave]
    }

    /// The position after this one, or `nil` after the last wave of the last phase.
    public func position(after position: WavePosition) -> WavePosition? {
        if position.wave + 1 < phases[position.phase].waves.count {
            return WavePosition(phase: position.phase, wave: position.wave + 1)
        }
        guard position.phase + 1 < phases.count else { return nil }
        return WavePosition(phase: position.phase + 1, wave: 0)
    }

    public func step(of attempt: Attempt) -> StepOutline {
        phases[attempt.phase].steps[attempt.step]
    }
}
