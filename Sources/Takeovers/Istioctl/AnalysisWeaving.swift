import FleetModel

/// Puts the two looks of istioctl around a takeover that asks for them: one right after the
/// lock is taken for the first time, one right before it is given back for the last.
struct AnalysisWeaving {
    private let isAsked: Bool

    init(_ takeover: Takeover, of form: RunbookForm) {
        isAsked = form.needsRevision && MoveSettings(takeover.parameters).comparesAnalysis
    }

    func weave(_ outline: RunbookOutline) -> RunbookOutline {
        RunbookOutline(
            outline.name,
            phases: outline.phases.map { phase in
                RunbookOutline.PhaseOutline(
                    phase.name,
                    steps: weave(
                        phase.steps, of: phase.name, outline: \.self, note: NoteAnalysis.outline,
                        compare: CompareAnalysis.outline))
            })
    }

    func weave(_ steps: [Step], of phase: String, in situation: Situation) -> [Step] {
        let move = Move(situation)
        guard let analysis = ConfigurationAnalysis(move) else { return steps }
        return weave(
            steps, of: phase, outline: \.outline,
            note: NoteAnalysis(move: move, analysis: analysis).step(),
            compare: CompareAnalysis(move: move, analysis: analysis).step())
    }

    private func weave<Element>(
        _ steps: [Element], of phase: String, outline: (Element) -> StepOutline, note: Element,
        compare: Element
    ) -> [Element] {
        guard isAsked else { return steps }
        let names = steps.map { outline($0).name }
        var woven = steps
        if phase == RunbookOutline.phaseNames.last,
            let place = names.lastIndex(of: ReleaseLock.outline.name)
        {
            woven.insert(compare, at: place)
        }
        if phase == RunbookOutline.phaseNames.first,
            let place = names.firstIndex(of: TakeLock.outline.name)
        {
            woven.insert(note, at: place + 1)
        }
        return woven
    }
}
