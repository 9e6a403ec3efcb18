import FleetModel

/// The steps of the runbook.
enum SailStep: CaseIterable, Sendable {
    case preflight
    case lock
    case updateIstio
    case checkControlPlane
    case checkOldUntouched
    case testWorkload
    case testTraffic
    case moveRevisionTags
    case moveTags
    case relabelNamespaces
    case restartWorkloads
    case proveOldUnused
    case removeTestWorkload
    case awaitOldGone
    case finalCheck
    case unlock

    /// Where the one control plane changes there is no old revision to leave.
    func isNeeded(_ settings: SailSettings) -> Bool {
        switch self {
        case .checkOldUntouched, .testTraffic, .moveRevisionTags, .moveTags, .proveOldUnused,
            .awaitOldGone:
            !settings.isInPlace
        case .relabelNamespaces: !settings.isInPlace && settings.relabelsNamespaces
        default: true
        }
    }

    var outline: StepOutline {
        switch self {
        case .preflight: Preflight.outline
        case .lock: TakeLock.outline
        case .updateIstio: UpdateIstio.outline
        case .checkControlPlane: CheckControlPlane.outline
        case .checkOldUntouched: CheckOldUntouched.outline
        case .testWorkload: TestWorkload.outline
        case .testTraffic: TestRound.besideOld.outline
        case .moveRevisionTags: MoveRevisionTags.outline
        case .moveTags: MoveTags.outline
        case .relabelNamespaces: RelabelNamespaces.outline
        case .restartWorkloads: RestartWorkloads.outline
        case .proveOldUnused: ProveOldUnused.outline
        case .removeTestWorkload: RemoveTestWorkload.outline
        case .awaitOldGone: AwaitOldRevision.outline
        case .finalCheck: FinalCheck.outline
        case .unlock: ReleaseLock.outline
        }
    }

    /// How the step is done on one cluster.
    func recipe(_ sail: SailSituation) -> any StepRecipe {
        let move = sail.move
        return switch self {
        case .preflight: Preflight(review: SailReview(sail: sail))
        case .lock: TakeLock(move: move)
        case .updateIstio: UpdateIstio(sail: sail)
        case .checkControlPlane: CheckControlPlane(move: move)
        case .checkOldUntouched: CheckOldUntouched(move: move)
        case .testWorkload: TestWorkload(move: move)
        // Tags that follow the Istio resource lead to the new revision from the first step on.
        case .testTraffic: TestTraffic(move: move, round: .besideOld)
        case .moveRevisionTags: MoveRevisionTags(sail: sail)
        case .moveTags: MoveTags(move: move)
        case .relabelNamespaces: RelabelNamespaces(move: move)
        case .restartWorkloads: RestartWorkloads(move: move)
        case .proveOldUnused: ProveOldUnused(move: move)
        case .removeTestWorkload: RemoveTestWorkload(move: move)
        case .awaitOldGone: AwaitOldRevision(sail: sail)
        case .finalCheck: FinalCheck(move: move)
        case .unlock: ReleaseLock(move: move)
        }
    }
}
