import FleetModel

/// The manifests of the runbook, by the name they have under `manifests`.
enum GlooManifestRole: String, CaseIterable, Sendable {
    case controlPlane
    case eastWestGateway
    case ingressGateway

    var kind: LifecycleManager.Kind { self == .controlPlane ? .controlPlane : .gateway }
}
