import FleetModel

extension RunbookForm {
    /// What the Gloo runbook asks for; `TakeoversTests` hold the runbook itself against it.
    static let gloo = RunbookForm(
        "gloo",
        manifests: [
            Manifest("controlPlane", isNeeded: true), Manifest("eastWestGateway"),
            Manifest("ingressGateway"),
        ], needsManagement: true)
}
