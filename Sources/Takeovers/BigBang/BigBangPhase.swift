import FleetModel

/// The phases and their steps, in order.
///
/// ```
///   takeover   save ─▶ step 1 ─▶ old gone ─▶ new control plane ─▶ step 2 ─▶ gateways up ─▶ …
///                      └──────────── no safe point: gateways are away ────────────┘
/// ```
enum BigBangPhase: String, CaseIterable, Sendable {
    case prepare
    case takeover
    case retire

    func recipes(_ bigBang: BigBangSituation) -> [any StepRecipe] {
        let (move, lock) = (bigBang.move, TakeLock(move: bigBang.move))
        let unlock = ReleaseLock(move: move)
        let addresses = BigBangAddresses(bigBang: bigBang)
        let steps: [any StepRecipe]
        switch self {
        case .prepare:
            steps = [
                Preflight(review: BigBangReview(bigBang: bigBang)), lock,
                ReconcileReleases(bigBang: bigBang), PrepareRoutes(bigBang: bigBang), unlock,
            ]
        case .takeover:
            steps = [
                lock, PrepareRoutes(bigBang: bigBang, isLastLook: true),
                SaveBaseline(bigBang: bigBang),
                ChangeValues(stage: .one, bigBang: bigBang), AwaitOldGone(bigBang: bigBang),
                CheckNewMesh(bigBang: bigBang), FindBareWorkloads(bigBang: bigBang),
                ChangeValues(stage: .two, bigBang: bigBang), GatewaysUp(bigBang: bigBang),
                CheckTrust(moment: .beforeRestarts, bigBang: bigBang),
                PublishAddresses(source: addresses), CompareMesh(bigBang: bigBang),
                restarts(move), CheckTrust(moment: .afterRestarts, bigBang: bigBang),
                AwaitDNS(source: addresses), CheckRequests(bigBang: bigBang), unlock,
            ]
        case .retire:
            steps = [
                lock, RemoveOrphans(bigBang: bigBang), ReconcileTwice(bigBang: bigBang),
                Finish(bigBang: bigBang), CompareMesh(bigBang: bigBang), unlock,
            ]
        }
        return steps.map(WhereThereIsAnOperator.init)
    }

    /// Pods that came up while nobody injected are restarted, too, and first.
    private func restarts(_ move: Move) -> RestartWorkloads {
        let repair = RestartWorkloads.Repair(paths: [Baseline.path]) {
            (view: ClusterView) throws(Pause) -> Set<String> in
            try Baseline.saved(view)?.bare ?? []
        }
        return RestartWorkloads(move: move, repair: repair)
    }
}
