import FleetModel

/// The HelmReleases of Big Bang in one cluster.
struct BigBangPackages: Sendable {
    static let namespace = "bigbang"
    static let istioNamespace = "istio-system"
    static let gatewayNamespace = "istio-gateway"
    static let operatorNamespace = "istio-operator"

    /// In the order of their names.
    let all: [HelmRelease]
    let parent: HelmRelease
    let variant: BigBangVariant

    static var reading: Reading { .path(FluxObject.Kind.helmRelease.paths[0], on: .cluster) }

    init(_ view: ClusterView) throws(Pause) {
        guard let objects = try view.optionalList(firstOf: FluxObject.Kind.helmRelease.paths)
        else { throw .terminal("the API server knows no HelmReleases: Flux is not installed") }
        all = objects.filter { $0.namespace == Self.namespace }
            .sorted { $0.name < $1.name }.map(HelmRelease.init)
        guard let parent = all.first(where: { $0.name == "bigbang" }) else {
            throw .terminal("there is no HelmRelease bigbang/bigbang")
        }
        guard let variant = BigBangVariant(parent: parent) else {
            throw .unclear("HelmRelease bigbang/bigbang has deployed no version yet")
        }
        (self.parent, self.variant) = (parent, variant)
    }

    subscript(name: String) -> HelmRelease? { all.first { $0.name == name } }

    /// The packages that go.
    var istio: HelmRelease? { self["istio"] }
    var istioOperator: HelmRelease? { self["istio-operator"] }

    /// Those that bring the new control plane, as far as they are there.
    var controlPlane: [HelmRelease] { variant.controlPlaneReleases.compactMap { self[$0] } }
    var isControlPlaneComplete: Bool {
        controlPlane.count == variant.controlPlaneReleases.count
    }

    /// The gateways that come.
    var gateways: [HelmRelease] {
        all.filter { $0.targetNamespace == Self.gatewayNamespace }
    }

    /// Whether the old mesh is gone, or on its way out, and the new one asked for.
    var isPastStepOne: Bool {
        (istio?.object.isTerminating ?? true) && isControlPlaneComplete
    }

    /// Whether nothing of the operator is asked for any more, and the gateways are.
    var isPastStepTwo: Bool {
        isPastStepOne && (istioOperator?.object.isTerminating ?? true) && !gateways.isEmpty
    }

    /// Why there is nothing to go to; `nil` where there is.
    var obstacle: String? {
        guard variant == .tooOld else { return nil }
        let version = (parent.deployed ?? parent.latest)?.chartVersion ?? "of no version"
        return "Big Bang \(version) has no packages to go to: istioCore and istioGateway come with "
            + "2.49. Upgrade Big Bang first"
    }

    /// The first release that isn't ready, and what it says.
    func complaint(about releases: [HelmRelease]) -> String? {
        for release in releases where release.state != .ready {
            return "HelmRelease \(release.name) is \(release.state)"
        }
        return nil
    }
}
