public import FleetModel

/// Watches a journal and checks what a run promises its operator.
///
/// The checker knows the plan and the journal, and nothing of the coordinator:
/// a second opinion is worth something only if it was formed alone. It is
/// written to be obviously right, not fast: it keeps each cluster's whole story
/// and asks it again every time.
public struct RunChecker {
    let plan: Plan
    let management: [ClusterName: ClusterName]
    var stories: [ClusterName: ClusterStory] = [:]
    var currentWave: WavePosition?
    var lastWave: WavePosition?
    var approvedWaves: Set<WavePosition> = []
    let times: WindowTimes
    var wavesWithoutWindows: Set<WavePosition> = []
    /// For each phase, how long those took who changed something in it.
    var durations: [Int: [Duration]] = [:]
    var soak: (wave: WavePosition, until: Timestamp)?
    var halt = HaltStory.none
    var epoch = 0
    var isCompleted = false
    /// Whether a cluster has raised an alarm since the last resume.
    var isAlarmed = false
    /// Failures since the last resume.
    var fleetFailures: Set<ClusterName> = []
    /// Failed clusters the operator lets the run go on without.
    var forgiven: Set<ClusterName> = []

    enum HaltStory: Equatable {
        case none
        case halting(since: Timestamp)
        case aborting
        case halted
    }

    public init(plan: Plan, times: WindowTimes = .none) {
        (self.plan, self.times) = (plan, times)
        let pairs = plan.clusters.compactMap { cluster in
            cluster.management.map { (cluster.name, $0) }
        }
        management = Dictionary(uniqueKeysWithValues: pairs)
        for cluster in plan.clusters { stories[cluster.name] = ClusterStory() }
    }

    /// Takes in the next journal entry, or says which promise it breaks.
    public mutating func see(_ entry: JournalEntry) throws {
        let now = entry.time
        try promise(!isCompleted, "\(entry.event) came after the run had completed")
        switch entry.event {
        case .runStarted, .identityPinned: break
        case .coordinatorStarted(let epoch, _, _): try coordinatorStarted(epoch)
        case .waveApproved(let wave, _): approvedWaves.insert(wave)
        case .windowsWaived(let wave, _, _): wavesWithoutWindows.insert(wave)
        case .waveStarted(let wave): try waveStarted(wave)
        case .waveSkipped(let wave): try waveSkipped(wave)
        case .attemptStarted(let attempt): try attemptStarted(attempt, at: now)
        case .attemptFinished(let attempt, let outcome): try finished(attempt, outcome, at: now)
        case .findingWaived(let attempt, _):
            try promise(
                story(of: attempt.cluster).current == attempt,
                "\(attempt.cluster) was found to be waived while nobody looked")
        case .soakStarted(let wave, let until): try soakStarted(wave, until, at: now)
        case .wavePassed(let wave): try wavePassed(wave, at: now)
        case .runHalting: halt = .halting(since: now)
        case .runAborted: halt = .aborting
        case .runHalted: try runHalted(at: now)
        case .runResumed(_, let failures): try runResumed(failures)
        case .runCompleted(let withExceptions): try runCompleted(withExceptions)
        }
    }

    func promise(_ isKept: Bool, _ complaint: @autoclosure () -> String) throws {
        guard isKept else { throw PromiseBroken(complaint()) }
    }

    func story(of cluster: ClusterName) -> ClusterStory { stories[cluster] ?? ClusterStory() }

    var inFlight: [ClusterName] {
        plan.clusters.map(\.name).filter { story(of: $0).current != nil }
    }

    func eligible(_ wave: WavePosition) -> [ClusterName] {
        plan.wave(at: wave).clusters.filter { story(of: $0).donePhases == wave.phase }
    }
}

/// What the journal tells of one cluster.
struct ClusterStory {
    var current: Attempt?
    /// Phases gone through from end to end.
    var donePhases = 0
    var phase = 0
    var step = 0
    var number = 0
    var counted = 0
    var hasBegun = false
    var lastEnd: Timestamp?
    var notBefore: Timestamp?
    var verdict = Verdict.open
    var lastStepWasSafe = true
    var isHalfWay = false
    /// Whether it has raised an alarm in its phase.
    var isUrgent = false
    var begunAt: Timestamp?
    var hasChanged = false
    /// Whether whoever goes on with it took it up from before a halt or a crash.
    var isTakenUpAgain = false

    enum Verdict: Equatable {
        case open
        case failed
        case deferred
    }

    mutating func enter(_ phase: Int) {
        (self.phase, step, number, counted) = (phase, 0, 0, 0)
        (hasBegun, notBefore, lastStepWasSafe, isHalfWay) = (false, nil, true, false)
        (begunAt, hasChanged, isTakenUpAgain, isUrgent) = (nil, false, false, false)
    }
}
