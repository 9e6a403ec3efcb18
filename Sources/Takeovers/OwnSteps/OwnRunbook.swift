public import FleetModel

/// A runbook of the takeover's own steps and nothing else: whatever a team rolls across its
/// fleet, with the same care. It only holds the writer lock around each phase.
public enum OwnRunbook: Runbook {
    public static let form = RunbookForm("own", needsRevision: false)

    public static func outline(for takeover: Takeover) -> RunbookOutline {
        let used = Set(takeover.ownSteps.map(\.position.phase))
        return RunbookOutline(
            name,
            phases: RunbookOutline.phaseNames.filter(used.contains).map {
                RunbookOutline.PhaseOutline($0, steps: [TakeLock.outline, ReleaseLock.outline])
            })
    }

    public static func steps(of phase: String, in situation: Situation) -> [Step] {
        guard RunbookOutline.phaseNames.contains(phase) else { return [] }
        let move = Move(situation)
        return [TakeLock(move: move).step(), ReleaseLock(move: move).step()]
    }

    public static func wayBack(for takeover: Takeover) -> WayBack {
        .none(
            because: "a takeover's own steps do not say how they are taken back",
            hint: "write a takeover of the steps that lead back, and run it")
    }

    public static func invariants(in situation: Situation) -> Invariants {
        Invariants(Move(situation))
    }

    public static let checks: [PreflightCheck] = []

    public static func preflight(
        in situation: Situation, _ context: StepContext
    ) -> PreflightAnswer {
        .findings([])
    }

    public static func problems(in takeover: Takeover) -> [TakeoverProblem] {
        guard takeover.ownSteps.isEmpty else { return [] }
        return [TakeoverProblem(.ownSteps, "the runbook `own` has no steps but the takeover's")]
    }
}
