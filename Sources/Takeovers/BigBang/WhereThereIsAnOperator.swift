import FleetModel

/// A step of Big Bang's, which has nothing to do where there is no operator to move from, and
/// refuses to where there is nothing to go to.
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
        let packages = try BigBangPackages.known(view)
        guard packages?.variant != .nothingToDo else {
            return .done(BigBangVariant.nothingToDoWords)
        }
        // Those that only look say it in their own way.
        if let obstacle = packages?.obstacle, !outline.isBaseline { throw .terminal(obstacle) }
        return try inner.observe(view)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { try inner.act(view) }
    func waived(_ view: ClusterView) throws(Pause) -> [WaivedFinding] { try inner.waived(view) }
}

extension BigBangPackages {
    /// `nil` where they can't be told, which is for the steps to complain about.
    fileprivate static func known(_ view: ClusterView) throws(Pause) -> BigBangPackages? {
        do throws(Pause) {
            try view.require([reading])
            return try BigBangPackages(view)
        } catch {
            guard case .needs = error else { return nil }
            throw error
        }
    }
}

extension BigBangVariant {
    /// Whether the cluster's Big Bang has no operator.
    static func isNothingToDo(_ view: ClusterView) throws(Pause) -> Bool {
        try BigBangPackages.known(view)?.variant == .nothingToDo
    }
}
