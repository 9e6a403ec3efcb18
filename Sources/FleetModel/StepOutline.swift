/// What the plan and the coordinator need to know of a step: not how it is done.
public struct StepOutline: Hashable, Sendable, Codable {
    public let name: String
    /// What the step does, as a short clause for people.
    public let title: String
    public let interrupt: Interrupt
    /// Whether a cluster may be left as it is once the step is done.
    public let endsAtSafePoint: Bool
    /// Whether the step only looks, so that a cluster it finds unwell is
    /// deferred untouched instead of failed.
    public let isBaseline: Bool

    public init(
        _ name: String, title: String = "", interrupt: Interrupt = .safe,
        endsAtSafePoint: Bool = true, isBaseline: Bool = false
    ) {
        self.name = name
        self.title = title
        self.interrupt = interrupt
        self.endsAtSafePoint = endsAtSafePoint
        self.isBaseline = isBaseline
    }
}

/// When a step that has begun may be left.
public enum Interrupt: String, CaseIterable, Hashable, Sendable, Codable {
    /// At any time.
    case safe
    /// After the item at hand: a workload, a namespace.
    case betweenItems
    /// Never half-way: users would see a mixed state.
    case finishOrRollBack
}

/// The steps of a runbook by phase, as the planner freezes them into a plan.
public struct RunbookOutline: Hashable, Sendable {
    public let name: String
    public let phases: [PhaseOutline]

    /// The phases a runbook may have, in their order. A runbook may lack some.
    public static let phaseNames = ["prepare", "takeover", finalPhase]

    /// The phase whose work nothing brings back.
    public static let finalPhase = "retire"

    /// The one phase of a run that takes another back.
    public static let rollbackPhase = "rollback"

    public init(_ name: String, phases: [PhaseOutline]) {
        (self.name, self.phases) = (name, phases)
    }

    public struct PhaseOutline: Hashable, Sendable {
        public let name: String
        public let steps: [StepOutline]

        public init(_ name: String, steps: [StepOutline]) {
            (self.name, self.steps) = (name, steps)
        }
    }
}
