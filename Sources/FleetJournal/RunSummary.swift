public import FleetModel

/// One line of the list of runs.
public struct RunSummary: Hashable, Sendable {
    public let id: RunID
    public let plan: PlanID
    public let createdAt: Timestamp
    public let state: State
    /// How many events the run has had.
    public let lastSequence: Int
    /// When the latest event was stored; `nil` when there is none.
    public let lastChange: Timestamp?
    /// Who leads the run or led it last; `nil` when nobody has yet.
    public let coordinator: Coordinatorship?
    /// Whether a process of this host leads the run at this moment.
    public let isLed: Bool

    /// How far a run has come, as its latest event about the whole run says.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Nothing has happened yet.
        case planned
        case running
        case halting
        case halted
        case completed
        case completedWithExceptions
        case aborted

        /// Whether clusters may be in flight.
        public var isUnderWay: Bool { self == .running || self == .halting }

        /// Whether nothing can happen in the run any more.
        public var isOver: Bool {
            switch self {
            case .completed, .completedWithExceptions: true
            // An aborted run can be resumed like a halted one.
            case .planned, .running, .halting, .halted, .aborted: false
            }
        }
    }
}

extension RunSummary.State {
    /// The state after the latest event of ``EventKind/lifecycle``.
    init(after event: Event?) {
        self =
            switch event {
            case .runStarted, .runResumed: .running
            case .runHalting: .halting
            case .runHalted: .halted
            case .runAborted: .aborted
            case .runCompleted(withExceptions: false): .completed
            case .runCompleted(withExceptions: true): .completedWithExceptions
            default: .planned
            }
    }
}
