public import FleetModel

/// A runbook with the steps that a takeover adds to it.
extension Runbook {
    /// All steps by phase, for the planner.
    public static func wholeOutline(for takeover: Takeover) -> RunbookOutline {
        let base = analysedOutline(for: takeover)
        return RunbookOutline(
            base.name,
            phases: base.phases.map { phase in
                let weaving = Weaving(takeover, phase: phase.name)
                return RunbookOutline.PhaseOutline(
                    phase.name,
                    steps: weaving.weave(phase.steps, outline: \.self) { $1 })
            })
    }

    /// All steps of a phase on one cluster, in the order of ``wholeOutline(for:)``, with the
    /// invariants around those that change something. All that are within the lock keep it.
    public static func allSteps(of phase: String, in situation: Situation) -> [Step] {
        let takeover = situation.takeover
        let analysed = AnalysisWeaving(takeover, of: form)
            .weave(steps(of: phase, in: situation), of: phase, in: situation)
        let woven = Weaving(takeover, phase: phase)
            .weave(analysed, outline: \.outline) { own, outline in
                OwnStepRecipe(own, outline: outline, in: situation).step()
            }
        let guarded = invariants(in: situation).guarding(
            woven, own: Set(takeover.ownSteps.map(\.name)), phase: phase,
            in: analysedOutline(for: takeover))
        return Move(situation).lock.kept(by: guarded)
    }

    private static func analysedOutline(for takeover: Takeover) -> RunbookOutline {
        AnalysisWeaving(takeover, of: form).weave(outline(for: takeover))
    }

    /// Everything wrong with a takeover, its own steps included.
    public static func allProblems(in takeover: Takeover) -> [TakeoverProblem] {
        problems(in: takeover) + OwnStepProblems(takeover, in: analysedOutline(for: takeover)).all
    }
}

/// Puts a takeover's own steps among those of one phase.
///
/// Steps that stand only beside each other are left out; ``OwnStepProblems`` refuses them.
/// What stands at the beginning or end of a phase still stands between taking and
/// releasing the writer lock.
struct Weaving {
    private let own: [OwnStep]

    init(_ takeover: Takeover, phase: String) {
        own = takeover.ownSteps.filter { $0.position.phase == phase }
    }

    /// All of them in order; an own step is made of itself and of its outline at its place.
    func weave<Element>(
        _ base: [Element], outline: (Element) -> StepOutline,
        make: (OwnStep, StepOutline) -> Element
    ) -> [Element] {
        var woven: [Element] = []
        var isPlaced = own.map { _ in false }
        // A step of ours may stand beside another of ours; where two have one name, which
        // ``OwnStepProblems`` refuses, even beside itself.
        func add(_ side: OwnStep.Side, _ step: String?) {
            for (number, own) in own.enumerated()
            where own.position.side == side && own.position.step == step && !isPlaced[number] {
                isPlaced[number] = true
                add(.before, own.name)
                woven.append(make(own, own.outline(after: woven.last.map(outline))))
                add(.after, own.name)
            }
        }
        let names = base.map { outline($0).name }
        let first = names.firstIndex(of: TakeLock.outline.name).map { $0 + 1 } ?? 0
        let last = names.lastIndex(of: ReleaseLock.outline.name) ?? base.count
        for (index, element) in base.enumerated() {
            if index == first { add(.before, nil) }
            if index == last { add(.after, nil) }
            add(.before, names[index])
            woven.append(element)
            add(.after, names[index])
        }
        if first >= base.count { add(.before, nil) }
        if last >= base.count { add(.after, nil) }
        return woven
    }
}

extension OwnStep {
    /// A step between two that must not be parted does not part them.
    fileprivate func outline(after previous: StepOutline?) -> StepOutline {
        StepOutline(
            name, title: title, interrupt: interrupt,
            endsAtSafePoint: previous?.endsAtSafePoint ?? true)
    }
}
