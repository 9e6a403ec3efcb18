public import FleetModel

/// How far one cluster has come in a run.
///
/// ```
///   planned ──▶ inFlight ──▶ ready ──▶ inFlight … ──▶ succeeded
///                 │  ▲  ▲─────┘
///                 ▼  │
///              waiting        inFlight ──▶ failed | deferred
/// ```
public struct ClusterProgress: Hashable, Sendable, Codable {
    public private(set) var state = State.planned
    /// The phase the cluster is in, or finished last.
    public private(set) var phase = 0
    /// The step the cluster is on, or takes next.
    public private(set) var step = 0
    /// The number of the latest attempt at that step; zero before the first.
    public private(set) var number = 0
    /// Attempts at that step that count against the limit: not those lost with a coordinator.
    public private(set) var countedAttempts = 0
    /// When the cluster came into its present state.
    public private(set) var since = Timestamp(milliseconds: 0)
    /// From when the wave's progress deadline counts.
    public private(set) var deadlineBase = Timestamp(milliseconds: 0)
    /// Whether any step of the run found something to change.
    public private(set) var hasChanged = false
    /// Whether any step of its phase did.
    private(set) var hasChangedInPhase = false
    /// When the cluster began its phase.
    private(set) var begunAt = Timestamp(milliseconds: 0)
    /// Whether an operator, or a coordinator that came after another, takes the cluster up again.
    private(set) var isTakenUpAgain = false
    public private(set) var lastFailure: Failure?
    /// Whether the last finished step left the cluster at a safe point.
    private var isBehindSafePoint = true
    /// Whether it has raised an alarm, and so must not be left before the end of its phase.
    private(set) var isUrgent = false

    /// What a cluster is doing in a run.
    public enum State: Hashable, Sendable, Codable {
        case planned
        case inFlight(Attempt)
        /// Between two steps.
        case ready
        /// Before another try, not before this time.
        case waiting(until: Timestamp)
        case succeeded
        case failed(Failure)
        /// Left aside untouched: it was unwell or out of reach before we came.
        case deferred(Failure)
    }

    public init() {}

    public var isInFlight: Bool {
        if case .inFlight = state { true } else { false }
    }

    /// Whether the cluster is done with its phase, for better or worse.
    public var isSettled: Bool {
        switch state {
        case .succeeded, .failed, .deferred: true
        case .planned, .inFlight, .ready, .waiting: false
        }
    }

    /// Whether the cluster has begun its phase and not ended it.
    public var isUnderWay: Bool { state != .planned && !isSettled }

    /// Whether the cluster may be left as it is while the run stands still.
    func isAtSafePoint(in plan: Plan) -> Bool {
        guard isUnderWay else { return true }
        let isHalfWay = number > 0 && currentStep(in: plan).interrupt == .finishOrRollBack
        return isBehindSafePoint && !isHalfWay && !isUrgent
    }

    func currentStep(in plan: Plan) -> StepOutline { plan.phases[phase].steps[step] }

    func nextAttempt(on cluster: ClusterName) -> Attempt {
        Attempt(cluster: cluster, phase: phase, step: step, number: number + 1)
    }
}

// MARK: - Transitions

extension ClusterProgress {
    mutating func enter(phase: Int) {
        self.phase = phase
        (state, step, number, countedAttempts) = (.planned, 0, 0, 0)
        (hasChangedInPhase, isTakenUpAgain) = (false, false)
        (isBehindSafePoint, isUrgent) = (true, false)
    }

    mutating func start(_ attempt: Attempt, at now: Timestamp) {
        precondition(!isInFlight && !isSettled, "\(attempt) started while \(state).")
        if state == .planned { (deadlineBase, begunAt) = (now, now) }
        (state, number, since) = (.inFlight(attempt), attempt.number, now)
        isTakenUpAgain = false
    }

    mutating func finish(_ attempt: Attempt, _ outcome: Outcome, in plan: Plan, at now: Timestamp) {
        precondition(state == .inFlight(attempt), "\(attempt) finished while \(state).")
        since = now
        switch outcome {
        case .succeeded(let changed): succeed(changed: changed, in: plan)
        case .failed(let failure) where failure.kind == .alarm:
            succeed(changed: false, in: plan)
            isUrgent = true
        case .failed(let failure): fail(failure, of: attempt, in: plan, at: now)
        case .lost:
            lastFailure = nil
            state = number < lostAttemptLimit ? .ready : .failed(.lostTooOften)
        }
    }

    private mutating func succeed(changed: Bool, in plan: Plan) {
        hasChanged = hasChanged || changed
        hasChangedInPhase = hasChangedInPhase || changed
        lastFailure = nil
        isBehindSafePoint = currentStep(in: plan).endsAtSafePoint
        if step + 1 == plan.phases[phase].steps.count {
            state = .succeeded
        } else {
            (state, step, number, countedAttempts) = (.ready, step + 1, 0, 0)
        }
    }

    private mutating func fail(
        _ failure: Failure, of attempt: Attempt, in plan: Plan, at now: Timestamp
    ) {
        guard failure.kind != .interrupted else { return (state, lastFailure) = (.ready, nil) }
        countedAttempts += 1
        lastFailure = failure
        let isRetried = failure.kind.isWorthRetrying && countedAttempts < plan.limits.maxAttempts
        if isRetried {
            state = .waiting(until: now + Backoff.delay(after: attempt))
        } else if failure.kind.isDeferral && currentStep(in: plan).isBaseline {
            state = .deferred(failure)
        } else {
            state = .failed(failure)
        }
    }

    /// Gives a failed or deferred cluster another go at the step it stopped at.
    mutating func retry(at now: Timestamp) {
        (state, countedAttempts, since, lastFailure) = (.ready, 0, now, nil)
        isUrgent = false
    }

    /// Goes on with a cluster that was left: the time before was not its fault, and who takes
    /// it up again asks its window again.
    mutating func takeUpAgain(at now: Timestamp) { (deadlineBase, isTakenUpAgain) = (now, true) }

    /// Lets the progress deadline come later by time that was not the cluster's fault.
    mutating func extendDeadline(by time: Duration) { deadlineBase = deadlineBase + time }
}

extension Failure {
    fileprivate static let lostTooOften = Failure(
        .inDoubt, "the step was cut off \(lostAttemptLimit) times")
}

extension Failure.Kind {
    var isWorthRetrying: Bool { self == .transient || self == .unreachable }

    /// Whether a step that only looks may put this down to the cluster as it was found.
    var isDeferral: Bool { self == .blocked || self == .unreachable || self == .transient }
}

/// A step that takes the coordinator down with it this often is worth a person's
/// look; a crash or two a day over weeks is not.
private let lostAttemptLimit = 100
