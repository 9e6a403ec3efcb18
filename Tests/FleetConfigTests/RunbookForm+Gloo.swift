import FleetModel

extension RunbookForm {
    /// What the Gloo runbook asks for; `TakeoversTests` hold the runbook itself against it.
    static let gloo = RunbookForm(
        "gloo",
        manifests: [
            Manifest("controlPlane", isNeeded: true), Manifest("eastWestGateway"),
            Manifest("ingressGateway"),
        ], needsManagement: true)

    static let sail = RunbookForm("sail", mayBeInPlace: true)
    static let revision = RunbookForm(
        "revision", manifests: [Manifest("istiod", isObject: false), Manifest("profile")])
}

extension [RunbookForm] {
    /// Those that the shipped takeovers ask for.
    static let shipped: [RunbookForm] = [.gloo, .bigBang, .own, .revision, .sail]
}
