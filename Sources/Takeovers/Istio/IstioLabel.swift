import FleetModel

/// The labels by which namespaces and pods ask for sidecars, and by which everything of a control
/// plane says whose it is.
enum IstioLabel {
    /// Names a revision or a tag.
    static let revision = "istio.io/rev"
    /// `enabled` asks whoever answers to no revision; `disabled` asks nobody.
    static let injection = "istio-injection"
    /// Names the IstioOperator that rendered an object.
    static let owner = "install.operator.istio.io/owning-resource"
}

extension JSON {
    /// The IstioOperator that rendered it. istioctl and the charts write `unknown` where there is
    /// none (Istio, `manifests/charts`, `ownerName`).
    var owningOperator: String? {
        labels[IstioLabel.owner].flatMap { ["", "unknown"].contains($0) ? nil : $0 }
    }
}
