import FleetModel

/// Takes the cluster's writer lock for this run and this coordinator.
struct TakeLock: StepRecipe {
    static let outline = StepOutline("lock", title: "take the cluster's writer lock")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(3))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        switch try move.lock.standing(view) {
        case .ours: .done("the lease names run \(move.situation.run), epoch \(move.lock.epoch)")
        case .toTake(_, let reason): .notDone(reason)
        case .denied(let failure): .failed(failure)
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard case .toTake(let commands, _) = try move.lock.standing(view) else { return [] }
        return commands
    }

    var preview: StepPreview {
        var creation = move.lock.creation(now: Timestamp(milliseconds: 0))
        creation.stdin = creation.stdin?.replacing(
            Timestamp(milliseconds: 0).microTime, with: "<now>")
        return StepPreview(
            reads: [move.lock.reading], acts: [creation],
            proof: "Lease \(WriterLock.namespace)/\(WriterLock.name) has holderIdentity "
                + "\(move.situation.run) and this coordinator's epoch",
            compensation: [move.lock.release])
    }
}
