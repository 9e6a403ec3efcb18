import FleetModel

/// Gives the writer lock back, so that others need not wait for it to run out.
///
/// It says nothing while all is well: the last words on a cluster are those of the step before
/// it, which knows how things stand there.
struct ReleaseLock: StepRecipe {
    static let outline = StepOutline("unlock", title: "release the writer lock")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(3))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let path = APIPath.lease(WriterLock.name, in: WriterLock.namespace)
        guard let lease = try view.object(path) else { return .done("") }
        let holder = lease.spec["holderIdentity"]?.nonEmpty
        guard holder == move.situation.run.rawValue else {
            return .done("the lease is not ours: \(holder ?? "nobody") holds it")
        }
        if case .denied(let failure) = try move.lock.standing(view) { return .failed(failure) }
        return .notDone("")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [move.lock.release] }

    var preview: StepPreview {
        StepPreview(
            reads: [move.lock.reading], acts: [move.lock.release],
            proof: "the lease is gone, or names somebody else")
    }
}
