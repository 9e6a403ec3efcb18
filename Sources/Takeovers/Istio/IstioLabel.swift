/// The labels by which namespaces and pods ask for sidecars, and by which everything of a control
/// plane says whose it is.
enum IstioLabel {
    /// Names a revision or a tag.
    static let revision = "istio.io/rev"
    /// `enabled` asks whoever answers to no revision; `disabled` asks nobody.
    static let injection = "istio-injection"
}
