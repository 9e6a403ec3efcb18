import FleetModel

/// The phases and their steps, in order.
enum GlooPhase: String, CaseIterable, Sendable {
    case prepare
    case takeover
    case retire

    /// The steps of one takeover.
    func steps(of takeover: Takeover) -> [GlooStep] {
        all.filter { $0.isNeeded(in: takeover) }
    }

    private var all: [GlooStep] {
        switch self {
        case .prepare:
            [
                .preflight, .lock, .allowSecurityContext, .addControlPlane, .checkControlPlane,
                .addEastWestGateway, .addIngressGateway, .checkOldUntouched, .testWorkload,
                .testTraffic, .unlock,
            ]
        case .takeover:
            [
                .lock, .activate, .deactivateOldInjector, .relabelNamespaces, .restartWorkloads,
                .testMovedTraffic, .switchGateways, .publishAddresses, .awaitDNS, .unlock,
            ]
        case .retire:
            [
                .lock, .proveOldUnused, .removeTestWorkload, .withdrawSecurityContext,
                .removeOldGateways, .moveDefault, .removeOldControlPlane, .sweep,
                .removeOldOperator, .removeNamespaces, .forgetNotes, .finalCheck, .unlock,
            ]
        }
    }
}
