import FleetModel

/// Notes which errors istioctl finds before anything is changed.
struct NoteAnalysis: StepRecipe {
    static let outline = StepOutline(
        "note-analysis", title: "note the errors that istioctl finds beforehand")
    let move: Move
    let analysis: ConfigurationAnalysis

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(10))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        if let note = try AnalysisNote(view, for: move) {
            return .done("\(note.count) errors of before are noted")
        }
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard planes.contains(where: isOld) else {
            return .done("\(move.old) is gone already, so there is nothing to note")
        }
        let errors = try analysis.errors(view)
        return .notDone("\(errors.count) errors are not noted yet")
    }

    /// Where one takes the other's place the version alone tells.
    private func isOld(_ plane: ControlPlane) -> Bool {
        plane.revision == move.old && !(move.old == move.revision && plane.runs(move.version))
    }

    private var paths: [String] { [AnalysisNote.path, APIPath.deployments] }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [try AnalysisNote(analysis.errors(view), for: move).application(move.kubectl)]
    }

    var preview: StepPreview {
        let note = try? AnalysisNote([], for: move)
        return StepPreview(
            reads: .paths(paths) + [analysis.analysis],
            acts: note.map { [$0.application(move.kubectl)] } ?? [],
            proof: "ConfigMap \(AnalysisNote.namespace)/\(AnalysisNote.name) names every error",
            compensation: [AnalysisNote.deletion(move.kubectl)])
    }
}

/// Holds the errors that istioctl finds in the end against those of before.
struct CompareAnalysis: StepRecipe {
    static let outline = StepOutline(
        "compare-analysis", title: "see whether istioctl finds errors that were not there before")
    let move: Move
    let analysis: ConfigurationAnalysis

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(10))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        guard let note = try AnalysisNote(view, for: move) else {
            return .done("no errors of before are noted, so there is nothing to compare with")
        }
        let fresh = note.fresh(of: try analysis.errors(view))
        guard !fresh.isEmpty else { return .notDone("no error is new; the note may go") }
        let words = "istioctl finds what it did not before: \(fresh.map(\.description).summary)"
        // The note stays, so that whoever looks into it has both.
        return move.settings.analysis == .block ? .partial(words) : .done(words)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [AnalysisNote.deletion(move.kubectl)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([AnalysisNote.path]) + [analysis.analysis],
            acts: [AnalysisNote.deletion(move.kubectl)],
            proof: "istioctl finds no error that is not in "
                + "ConfigMap \(AnalysisNote.namespace)/\(AnalysisNote.name), by code and object")
    }
}
