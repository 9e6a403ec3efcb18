import FleetModel

/// The steps of the runbook.
enum RevisionStep: CaseIterable, Sendable {
    case preflight
    case lock
    case upgradeBase
    case installControlPlane
    case checkControlPlane
    case checkOldUntouched
    case testWorkload
    case testTraffic
    case upgradeNetworkAgent
    case upgradeTunnel
    case moveTags
    case deactivateOldInjector
    case relabelNamespaces
    case restartWorkloads
    case upgradeGateways
    case addStandIns
    case drainGateways
    case foldGateways
    case moveDefault
    case proveOldUnused
    case removeTestWorkload
    case removeOldControlPlane
    case sweep
    case finalCheck
    case forgetNotes
    case unlock

    func isNeeded(_ settings: RevisionSettings) -> Bool {
        switch self {
        case .upgradeBase: settings.chart(.base) != nil
        case .moveDefault: settings.chart(.base) != nil || settings.installer == .istioctl
        case .deactivateOldInjector: settings.movesDefault
        case .upgradeNetworkAgent: settings.chart(.cni) != nil
        case .upgradeTunnel: settings.chart(.ztunnel) != nil
        case .relabelNamespaces: settings.relabelsNamespaces
        case .upgradeGateways: settings.hasGateways(by: .upgrade)
        case .addStandIns, .drainGateways, .foldGateways: settings.hasGateways(by: .canary)
        default: true
        }
    }

    var outline: StepOutline {
        switch self {
        case .preflight: Preflight.outline
        case .lock: TakeLock.outline
        case .upgradeBase: UpgradeBase.upgrade
        case .installControlPlane: InstallControlPlane.outline
        case .checkControlPlane: CheckControlPlane.outline
        case .checkOldUntouched: CheckOldUntouched.outline
        case .testWorkload: TestWorkload.outline
        case .testTraffic: TestRound.beforeActivation.outline
        case .upgradeNetworkAgent: UpgradeAgent.cni
        case .upgradeTunnel: UpgradeAgent.ztunnel
        case .moveTags: MoveTags.outline
        case .deactivateOldInjector: DeactivateOldInjector.outline
        case .relabelNamespaces: RelabelNamespaces.outline
        case .restartWorkloads: RestartWorkloads.outline
        case .upgradeGateways: UpgradeGateways.outline
        case .addStandIns: AddStandIns.outline
        case .drainGateways: DrainGateways.outline
        case .foldGateways: FoldGateways.outline
        case .moveDefault: UpgradeBase.moveDefault
        case .proveOldUnused: ProveOldUnused.outline
        case .removeTestWorkload: RemoveTestWorkload.outline
        case .removeOldControlPlane: RemoveOldRelease.outline
        case .sweep: Sweep.outline
        case .finalCheck: FinalCheck.outline
        case .forgetNotes: ForgetNotes.outline
        case .unlock: ReleaseLock.outline
        }
    }
}

extension RevisionStep {
    /// How the step is done on one cluster.
    func recipe(_ revision: RevisionSituation) -> any StepRecipe {
        let move = revision.move
        return switch self {
        case .preflight: Preflight(review: RevisionReview(revision: revision))
        case .lock: TakeLock(move: move)
        case .moveDefault where revision.settings.installer == .istioctl:
            MoveDefaultValidator(move: move)
        case .installControlPlane where revision.settings.installer == .istioctl:
            installation(revision)
        case .upgradeBase, .moveDefault, .installControlPlane, .upgradeGateways,
            .upgradeNetworkAgent, .upgradeTunnel:
            releaseRecipe(revision)
        case .addStandIns:
            AddStandIns(
                move: move, gateways: revision.canaries, hold: revision.settings.gatewayHold)
        case .drainGateways: DrainGateways(move: move, gateways: revision.canaries)
        case .foldGateways: FoldGateways(move: move, gateways: revision.canaries)
        case .checkControlPlane: CheckControlPlane(move: move)
        case .checkOldUntouched: CheckOldUntouched(move: move)
        case .testWorkload: TestWorkload(move: move)
        case .testTraffic: TestTraffic(move: move)
        case .moveTags: MoveTags(move: move, draftsDefault: revision.settings.movesDefault)
        case .deactivateOldInjector: DeactivateOldInjector(move: move.ofDefault)
        case .relabelNamespaces:
            RelabelNamespaces(move: move, takesDefault: revision.settings.relabelsDefault)
        case .restartWorkloads: RestartWorkloads(move: move)
        case .proveOldUnused: ProveOldUnused(move: move)
        case .removeTestWorkload: RemoveTestWorkload(move: move)
        case .removeOldControlPlane: removal(revision)
        case .sweep: Sweep(move: move)
        case .finalCheck: FinalCheck(move: move)
        case .forgetNotes: ForgetNotes(move: move)
        case .unlock: ReleaseLock(move: move)
        }
    }

    private func removal(_ revision: RevisionSituation) -> any StepRecipe {
        switch revision.settings.installer {
        case .helm: RemoveOldRelease(revision: revision)
        case .istioctl: RemoveByIstioctl(move: revision.move)
        }
    }

    private func installation(_ revision: RevisionSituation) -> any StepRecipe {
        guard let profile = revision.profile else {
            return ImpossibleStep(outline: outline, reason: "the takeover has no profile")
        }
        return InstallByIstioctl(
            move: revision.move, profile: profile, mesh: revision.continuity)
    }

    /// A step that takes a chart; without one it can only say so.
    private func releaseRecipe(_ revision: RevisionSituation) -> any StepRecipe {
        let name = revision.move.revision.rawValue
        switch self {
        case .upgradeBase:
            guard let base = revision.base() else { break }
            return UpgradeBase(outline: outline, move: revision.move, base: base, isDefault: false)
        case .moveDefault:
            guard let base = revision.base(setting: [("defaultRevision", name)]) else { break }
            return UpgradeBase(outline: outline, move: revision.move, base: base, isDefault: true)
        case .installControlPlane:
            guard let upgrade = revision.newControlPlane else { break }
            return InstallControlPlane(
                move: revision.move, upgrade: upgrade, mesh: revision.continuity)
        case .upgradeNetworkAgent, .upgradeTunnel:
            let agent = self == .upgradeTunnel ? RevisionChart.ztunnel : .cni
            guard let upgrade = revision.upgrade(ofAgent: agent) else { break }
            return UpgradeAgent(outline: outline, move: revision.move, upgrade: upgrade)
        default:
            let gateways = revision.gatewaysInPlace
            let upgrades = gateways.compactMap(revision.upgrade)
            guard upgrades.count == gateways.count else { break }
            return UpgradeGateways(move: revision.move, gateways: gateways, upgrades: upgrades)
        }
        return ImpossibleStep(outline: outline, reason: "the takeover does not name its chart")
    }
}
