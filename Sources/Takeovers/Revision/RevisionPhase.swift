import FleetModel

/// The phases and their steps, in order.
enum RevisionPhase: String, CaseIterable, Sendable {
    case prepare
    case takeover
    case retire

    /// The steps of one takeover.
    func steps(of takeover: Takeover) -> [RevisionStep] {
        let settings = RevisionSettings(takeover)
        return all.filter { $0.isNeeded(settings) }
    }

    private var all: [RevisionStep] {
        switch self {
        case .prepare:
            [
                .preflight, .lock, .upgradeBase, .installControlPlane, .checkControlPlane,
                .checkOldUntouched, .testWorkload, .testTraffic, .unlock,
            ]
        case .takeover:
            [
                .lock, .upgradeNetworkAgent, .upgradeTunnel, .moveTags,
                .deactivateOldInjector, .relabelNamespaces, .restartWorkloads, .upgradeGateways,
                .addStandIns, .drainGateways, .unlock,
            ]
        case .retire:
            [
                .lock, .foldGateways, .moveDefault, .proveOldUnused, .removeTestWorkload,
                .removeOldControlPlane, .sweep, .forgetNotes, .finalCheck, .unlock,
            ]
        }
    }
}
