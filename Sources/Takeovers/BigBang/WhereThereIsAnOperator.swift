import FleetModel

/// A step of Big Bang's, which has nothing to do where there is no operator to move from.
///
/// It stands around every step of the runbook, the lock's among them: on such a cluster nothing
/// at all is changed, whatever version the takeover asks for.
struct WhereThereIsAnOperator: StepRecipe {
    let inner: any StepRecipe

    init(_ inner: any StepRecipe) { self.inner = inner }

    var outline: StepOutline { inner.outline }
    var patience: Patience { inner.patience }
    var edits: Target { inner.edits }
    var lock: WriterLock? { inner.lock }
    var preview: StepPreview { inner.preview }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        guard try !BigBangVariant.isNothingToDo(view) else {
            return .done(BigBangVariant.nothingToDoWords)
        }
        return try inner.observe(view)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { try inner.act(view) }
}

extension BigBangVariant {
    /// Whether the cluster's Big Bang has no operator. What can't be told is for the steps to
    /// complain about.
    static func isNothingToDo(_ view: ClusterView) throws(Pause) -> Bool {
        do throws(Pause) {
            try view.require([BigBangPackages.reading])
            return try BigBangPackages(view).variant == .nothingToDo
        } catch {
            guard case .needs = error else { return false }
            throw error
        }
    }
}
