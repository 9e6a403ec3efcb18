import FleetModel

/// The phases and their steps, in order.
enum SailPhase: String, CaseIterable, Sendable {
    case prepare
    case takeover
    case retire

    /// The steps of one takeover.
    func steps(of takeover: Takeover) -> [SailStep] {
        let settings = SailSettings(takeover)
        return all.filter { $0.isNeeded(settings) }
    }

    private var all: [SailStep] {
        switch self {
        case .prepare:
            [
                .preflight, .lock, .updateIstio, .checkControlPlane, .checkOldUntouched,
                .testWorkload, .testTraffic, .unlock,
            ]
        case .takeover:
            [
                .lock, .moveRevisionTags, .moveTags, .relabelNamespaces, .restartWorkloads,
                .unlock,
            ]
        case .retire:
            [.lock, .proveOldUnused, .removeTestWorkload, .awaitOldGone, .finalCheck, .unlock]
        }
    }
}
