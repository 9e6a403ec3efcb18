import FleetModel

/// The steps of the runbook.
enum GlooStep: CaseIterable, Sendable {
    case preflight
    case lock
    case allowSecurityContext
    case addControlPlane
    case checkControlPlane
    case addEastWestGateway
    case addIngressGateway
    case checkOldUntouched
    case testWorkload
    case testTraffic
    case activate
    case deactivateOldInjector
    case relabelNamespaces
    case restartWorkloads
    case testMovedTraffic
    case switchGateways
    case publishAddresses
    case awaitDNS
    case proveOldUnused
    case removeTestWorkload
    case withdrawSecurityContext
    case removeOldGateways
    case moveDefault
    case removeOldControlPlane
    case sweep
    case removeOldOperator
    case removeNamespaces
    case finalCheck
    case forgetNotes
    case unlock

    /// Whether a takeover has the step.
    ///
    /// New pods are led to the new revision in one of two ways: it becomes the default, or
    /// namespaces name it.
    func isNeeded(in takeover: Takeover) -> Bool {
        let settings = GlooSettings(takeover.parameters)
        let hasManifest = { (role: GlooManifestRole) in takeover.manifests[role.rawValue] != nil }
        return switch self {
        case .addEastWestGateway: hasManifest(.eastWestGateway)
        case .addIngressGateway: hasManifest(.ingressGateway)
        case .activate, .deactivateOldInjector: !settings.relabelsNamespaces
        case .relabelNamespaces: settings.relabelsNamespaces
        case .removeNamespaces: !settings.namespacesToRemove.isEmpty
        case .publishAddresses, .awaitDNS: settings.leadsByDNS
        case .forgetNotes: settings.relabelsNamespaces || settings.leadsByDNS
        case .allowSecurityContext, .withdrawSecurityContext:
            MoveSettings(takeover.parameters).isOpenShift
        default: true
        }
    }

    var outline: StepOutline {
        switch self {
        case .preflight: Preflight.outline
        case .lock: TakeLock.outline
        case .allowSecurityContext: AllowSecurityContext.outline
        case .addControlPlane: AddControlPlane.outline
        case .checkControlPlane: CheckControlPlane.outline
        case .addEastWestGateway: AddGateway.eastWest
        case .addIngressGateway: AddGateway.ingress
        case .checkOldUntouched: CheckOldUntouched.outline
        case .testWorkload: TestWorkload.outline
        case .testTraffic: TestRound.beforeActivation.outline
        case .activate: Activate.outline
        case .deactivateOldInjector: DeactivateOldInjector.outline
        case .relabelNamespaces: RelabelNamespaces.outline
        case .restartWorkloads: RestartWorkloads.outline
        case .testMovedTraffic: TestRound.afterMove.outline
        case .switchGateways: SwitchGateways.outline
        case .publishAddresses: PublishAddresses.outline
        case .awaitDNS: AwaitDNS.outline
        case .proveOldUnused: ProveOldUnused.outline
        case .removeTestWorkload: RemoveTestWorkload.outline
        case .withdrawSecurityContext: WithdrawSecurityContext.outline
        case .removeOldGateways: RemoveOldResources.gateways
        case .moveDefault: UpgradeBase.moveDefault
        case .removeOldControlPlane: RemoveOldResources.controlPlane
        case .sweep: Sweep.outline
        case .removeOldOperator: RemoveOldOperator.outline
        case .removeNamespaces: RemoveNamespaces.outline
        case .finalCheck: FinalCheck.outline
        case .forgetNotes: ForgetNotes.outline
        case .unlock: ReleaseLock.outline
        }
    }
}

extension GlooStep {
    /// How the step is done on one cluster.
    func recipe(_ gloo: GlooSituation) -> any StepRecipe {
        switch self {
        case .preflight: Preflight(review: GlooReview(gloo: gloo))
        case .lock: TakeLock(move: gloo.move)
        case .addControlPlane, .addEastWestGateway, .addIngressGateway, .activate:
            managedRecipe(gloo)
        case .allowSecurityContext: AllowSecurityContext(move: gloo.move)
        case .checkControlPlane: CheckControlPlane(move: gloo.move, manager: gloo.manager)
        case .checkOldUntouched: CheckOldUntouched(move: gloo.move)
        case .testWorkload: TestWorkload(move: gloo.move)
        case .testTraffic: TestTraffic(move: gloo.move)
        case .deactivateOldInjector: DeactivateOldInjector(move: gloo.move)
        case .relabelNamespaces: RelabelNamespaces(move: gloo.move, takesDefault: true)
        case .restartWorkloads: RestartWorkloads(move: gloo.move)
        case .testMovedTraffic: TestTraffic(move: gloo.move, round: .afterMove)
        case .switchGateways: SwitchGateways(gloo: gloo)
        case .publishAddresses:
            PublishAddresses(source: GlooAddresses(gloo: gloo), gateways: gloo.gateways)
        case .awaitDNS: AwaitDNS(source: GlooAddresses(gloo: gloo), gateways: gloo.gateways)
        case .proveOldUnused: ProveOldUnused(move: gloo.move)
        case .removeTestWorkload: RemoveTestWorkload(move: gloo.move)
        case .withdrawSecurityContext: WithdrawSecurityContext(move: gloo.move)
        case .removeOldGateways:
            RemoveOldResources(outline: outline, gloo: gloo, ofControlPlane: false)
        case .moveDefault: MoveDefaultValidator(move: gloo.move)
        case .removeOldControlPlane:
            RemoveOldResources(outline: outline, gloo: gloo, ofControlPlane: true)
        case .sweep: Sweep(move: gloo.move)
        case .removeOldOperator: RemoveOldOperator(gloo: gloo)
        case .removeNamespaces:
            RemoveNamespaces(move: gloo.move, names: gloo.settings.namespacesToRemove)
        case .finalCheck: FinalCheck(move: gloo.move)
        case .forgetNotes:
            ForgetNotes(
                move: gloo.move,
                recordsNamespace: gloo.settings.leadsByDNS
                    ? GlooAddresses(gloo: gloo).namespace : nil)
        case .unlock: ReleaseLock(move: gloo.move)
        }
    }

    /// A step that edits a lifecycle manager; without its manifest it can only say so.
    private func managedRecipe(_ gloo: GlooSituation) -> any StepRecipe {
        guard let manifest = gloo.manifest(role) else {
            return ImpossibleStep(
                outline: outline,
                reason: "the manifest \(role.rawValue.quoted) is missing or "
                    + "is no \(role.kind.rawValue)")
        }
        let managed = ManagedInstallation(manifest: manifest, gloo: gloo)
        return switch self {
        case .addControlPlane: AddControlPlane(gloo: gloo, managed: managed)
        case .activate: Activate(gloo: gloo, managed: managed)
        default: AddGateway(outline: outline, gloo: gloo, managed: managed)
        }
    }

    private var role: GlooManifestRole {
        switch self {
        case .addEastWestGateway: .eastWestGateway
        case .addIngressGateway: .ingressGateway
        default: .controlPlane
        }
    }
}
