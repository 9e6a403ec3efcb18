/// How carefully a fleet is changed: waves, limits, budgets, soaks and gates.
public struct Policy: Hashable, Sendable, Codable {
    public var name: String
    /// Clusters that may change at once, in the whole fleet.
    public var maxConcurrency: Int
    /// Clusters of one management cluster that may change at once; `nil` for no limit.
    public var managementConcurrency: Int?
    /// Failed clusters the whole run tolerates; `nil` leaves it to the waves.
    public var maxFailures: Int?
    /// Clusters a wave may leave aside because they were unwell before we came.
    /// Canary waves tolerate none.
    public var maxDeferred: Int
    /// How often one step may be tried on one cluster.
    public var maxAttempts: Int
    /// How long a halting run lets clusters reach their next safe point.
    public var drainDeadline: Duration
    public var unplaced: Unplaced
    /// Only clusters whose labels match are taken; `nil` takes the whole inventory.
    public var clusters: Selector?
    /// The waves of every phase that has none of its own.
    public var waves: [WavePolicy]
    /// What is special about a phase, by the phase's name.
    public var phases: [String: [WavePolicy]]
    /// When clusters may begin a phase; `nil` for at any time.
    public var windows: Windows?

    public init(
        name: String, waves: [WavePolicy], phases: [String: [WavePolicy]] = [:],
        clusters: Selector? = nil, maxConcurrency: Int = 10, managementConcurrency: Int? = nil,
        maxFailures: Int? = nil, maxDeferred: Int = 0, maxAttempts: Int = 3,
        drainDeadline: Duration = .minutes(15), unplaced: Unplaced = .error,
        windows: Windows? = nil
    ) {
        self.name = name
        self.waves = waves
        self.phases = phases
        self.clusters = clusters
        self.maxConcurrency = maxConcurrency
        self.managementConcurrency = managementConcurrency
        self.maxFailures = maxFailures
        self.maxDeferred = maxDeferred
        self.maxAttempts = maxAttempts
        self.drainDeadline = drainDeadline
        self.unplaced = unplaced
        self.windows = windows
    }

    /// What becomes of a cluster that no wave selects.
    public enum Unplaced: String, Hashable, Sendable, Codable, CaseIterable {
        case error, lastWave, ignore
    }
}

/// One wave as the operator wrote it, before its clusters are counted.
public struct WavePolicy: Hashable, Sendable, Codable {
    public var name: String
    public var members: Members
    public var isCanary: Bool
    public var maxConcurrency: Amount
    public var maxFailures: Amount
    public var soak: Duration
    /// How long one cluster may take for its phase before it counts as stuck.
    public var progressDeadline: Duration
    /// `nil` takes the default: nothing is removed for good before somebody approved it, so the
    /// first wave of the last phase asks.
    public var needsApproval: Bool?
    /// `nil` takes the default: strict for a canary and the wave after it, soft otherwise.
    public var exposure: Exposure?
    /// Whether `maxFailures` may be the whole wave.
    public var allowTotalLoss: Bool

    public init(
        _ name: String, members: Members, isCanary: Bool = false,
        maxConcurrency: Amount = .count(1), maxFailures: Amount = .count(0),
        soak: Duration = .zero, progressDeadline: Duration = .minutes(60),
        needsApproval: Bool? = nil, exposure: Exposure? = nil, allowTotalLoss: Bool = false
    ) {
        self.name = name
        self.members = members
        self.isCanary = isCanary
        self.maxConcurrency = maxConcurrency
        self.maxFailures = maxFailures
        self.soak = soak
        self.progressDeadline = progressDeadline
        self.needsApproval = needsApproval
        self.exposure = exposure
        self.allowTotalLoss = allowTotalLoss
    }

    /// Which clusters a wave takes, of those no earlier wave took.
    public enum Members: Hashable, Sendable, Codable {
        case named([ClusterName])
        case matching(Selector)
        /// The next so many clusters, or that share of all the clusters in the plan.
        case size(Amount)
        case rest
    }
}

/// How many clusters may be at risk at once, given the failures so far.
public enum Exposure: String, Hashable, Sendable, Codable, CaseIterable {
    /// Never more clusters in flight than the budget has left, plus one.
    case strict
    /// As many as `maxConcurrency` allows; the plan says what that may cost.
    case soft
}
