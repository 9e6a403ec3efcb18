import FleetModel

/// The parameters of the revision runbook alone, read.
struct RevisionSettings: Hashable, Sendable {
    private let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    /// By what control planes come and go.
    enum Installer: String, CaseIterable, Sendable { case helm, istioctl }

    var installer: Installer { self[.install]?.string.flatMap(Installer.init) ?? .helm }

    /// Whether the old control plane has no revision, so that no tag leads from it by itself.
    var isUnrevisioned: Bool { takeover.oldRevision == .unnamed }

    /// Where a chart comes from; `nil` when the takeover does not say.
    func chart(_ chart: RevisionChart) -> ChartReference? {
        guard let location = self[.charts]?[chart.rawValue]?.nonEmpty else { return nil }
        return ChartReference(
            location: location, version: self[.chartVersion]?.nonEmpty ?? takeover.version)
    }

    /// The gateways' releases.
    var gateways: [GatewayRelease] {
        (self[.gateways]?.array ?? []).compactMap(GatewayRelease.init)
    }

    func hasGateways(by way: GatewayRelease.Way) -> Bool { gateways.contains { $0.way == way } }

    /// How long gateways that are moved by canary serve beside the old ones.
    var gatewayHold: Duration {
        self[.gatewayHold]?.string.flatMap(Duration.init(text:)) ?? .minutes(5)
    }

    /// The release of an agent of the nodes, as namespace and name.
    func agent(_ chart: RevisionChart) -> (namespace: String, name: String) {
        let written = self[.agents]?[chart.rawValue]?.string?.split(separator: "/").map(String.init)
        guard let written, written.count == 2 else {
            return ("istio-system", chart == .cni ? "istio-cni" : chart.rawValue)
        }
        return (written[0], written[1])
    }

    /// Whether namespaces that choose the old revision are given the new one's name.
    var relabelsNamespaces: Bool { self[.namespaces]?.string == "relabel" }

    /// Whether those are among them that name no revision and get the old one as the default;
    /// the default itself stays where it is then.
    var relabelsDefault: Bool { relabelsNamespaces && isUnrevisioned }

    /// Whether the tag `default` takes over from the old default injector.
    var movesDefault: Bool { isUnrevisioned && !relabelsNamespaces }

    /// Whether a release that a dead helm left pending may be taken back.
    var mayRecover: Bool { self[.pending]?.string == "recover" }

    var oldRelease: String {
        self[.oldRelease]?.nonEmpty ?? takeover.oldRevision.named("istiod")
    }

    private subscript(parameter: RevisionParameter) -> JSON? {
        takeover.parameters[parameter.rawValue]
    }
}
