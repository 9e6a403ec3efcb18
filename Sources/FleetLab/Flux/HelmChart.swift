import FleetModel

/// What a release renders, by the name of its chart.
enum HelmChart: String, Hashable, Sendable {
    case bigBang = "bigbang"
    case istioOperator = "istio-operator"
    case istio
    case istioCRDs = "istio-crds"
    case istiod
    case istioCore = "istio-core"
    case gateway
    /// A package that has nothing to do with Istio. It renders nothing, so what is there stays.
    case other

    /// The chart of a release of Big Bang; its gateways have names of their own.
    init(of release: JSON) {
        let name = release.name
        let known = HelmChart(rawValue: name) ?? (name.hasSuffix("gateway") ? .gateway : .other)
        self = release.namespace == FluxKinds.packages ? known : .other
    }

    /// The objects in the order Helm makes them.
    func objects(_ release: FluxRelease, _ values: HelmValues, version: String) -> [JSON] {
        switch self {
        case .bigBang: BigBangChart(release: release, values: values, version: version).objects
        case .istioOperator: OldIstioCharts.istioOperator
        case .istio: OldIstioCharts.controlPlane
        case .istioCRDs: NewIstioCharts.definitions
        case .istiod: NewIstioCharts.istiod(Self.istio(version), cluster: release.cluster)
        case .istioCore:
            NewIstioCharts.definitions
                + NewIstioCharts.istiod(Self.istio(version), cluster: release.cluster)
        case .gateway: NewIstioCharts.gateway(release.name, in: release.targetSpace, values)
        case .other: []
        }
    }

    /// The Istio in a chart's version, such as `1.25.2-bb.4`.
    private static func istio(_ version: String) -> String {
        String(version.prefix { $0 != "-" })
    }

    func version(in edition: String) -> String {
        switch self {
        case .bigBang, .other: edition
        case .istioOperator: "\(BigBangEdition.oldIstio)-bb.0"
        case .istio: "\(BigBangEdition.oldIstio)-bb.1"
        case .istioCRDs: "\(BigBangEdition(version: edition).istio)-bb.0"
        case .istiod, .istioCore: "\(BigBangEdition(version: edition).istio)-bb.4"
        case .gateway: "\(BigBangEdition(version: edition).istio)-bb.1"
        }
    }
}
