import FleetModel

/// The steps of the runbook.
enum GlooStep: CaseIterable, Sendable {
    case preflight
    case lock
    case addControlPlane
    case checkControlPlane
    case addEastWestGateway
    case addIngressGateway
    case checkOldUntouched
    case testWorkload
    case activate
    case deactivateOldInjector
    case restartWorkloads
    case switchGateways
    case proveOldUnused
    case removeTestWorkload
    case removeOldGateways
    case removeOldControlPlane
    case sweep
    case removeOldOperator
    case finalCheck
    case unlock

    /// Whether a takeover with manifests for these roles has the step.
    func isNeeded(_ roles: Set<String>) -> Bool {
        switch self {
        case .addEastWestGateway: roles.contains(GlooManifestRole.eastWestGateway.rawValue)
        case .addIngressGateway: roles.contains(GlooManifestRole.ingressGateway.rawValue)
        default: true
        }
    }

    var outline: StepOutline {
        switch self {
        case .preflight: Preflight.outline
        case .lock: TakeLock.outline
        case .addControlPlane: AddControlPlane.outline
        case .checkControlPlane: CheckControlPlane.outline
        case .addEastWestGateway: AddGateway.eastWest
        case .addIngressGateway: AddGateway.ingress
        case .checkOldUntouched: CheckOldUntouched.outline
        case .testWorkload: TestWorkload.outline
        case .activate: Activate.outline
        case .deactivateOldInjector: DeactivateOldInjector.outline
        case .restartWorkloads: RestartWorkloads.outline
        case .switchGateways: SwitchGateways.outline
        case .proveOldUnused: ProveOldUnused.outline
        case .removeTestWorkload: RemoveTestWorkload.outline
        case .removeOldGateways: RemoveOldResources.gateways
        case .removeOldControlPlane: RemoveOldResources.controlPlane
        case .sweep: Sweep.outline
        case .removeOldOperator: RemoveOldOperator.outline
        case .finalCheck: FinalCheck.outline
        case .unlock: ReleaseLock.outline
        }
    }
}

extension GlooStep {
    /// How the step is done on one cluster.
    func recipe(_ gloo: GlooSituation) -> any StepRecipe {
        switch self {
        case .preflight: Preflight(gloo: gloo)
        case .lock: TakeLock(gloo: gloo)
        case .addControlPlane, .addEastWestGateway, .addIngressGateway, .activate:
            managedRecipe(gloo)
        case .checkControlPlane: CheckControlPlane(gloo: gloo)
        case .checkOldUntouched: CheckOldUntouched(gloo: gloo)
        case .testWorkload: TestWorkload(gloo: gloo)
        case .deactivateOldInjector: DeactivateOldInjector(gloo: gloo)
        case .restartWorkloads: RestartWorkloads(gloo: gloo)
        case .switchGateways: SwitchGateways(gloo: gloo)
        case .proveOldUnused: ProveOldUnused(gloo: gloo)
        case .removeTestWorkload: RemoveTestWorkload(gloo: gloo)
        case .removeOldGateways:
            RemoveOldResources(outline: outline, gloo: gloo, ofControlPlane: false)
        case .removeOldControlPlane:
            RemoveOldResources(outline: outline, gloo: gloo, ofControlPlane: true)
        case .sweep: Sweep(gloo: gloo)
        case .removeOldOperator: RemoveOldOperator(gloo: gloo)
        case .finalCheck: FinalCheck(gloo: gloo)
        case .unlock: ReleaseLock(gloo: gloo)
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
