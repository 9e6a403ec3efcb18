import FleetModel

/// An object that Flux reconciles.
struct FluxObject: Hashable, Sendable {
    let kind: Kind
    let object: JSON

    enum Kind: String, Hashable, Sendable, CaseIterable {
        case helmRelease = "HelmRelease"
        case kustomization = "Kustomization"
        case gitRepository = "GitRepository"
        case helmRepository = "HelmRepository"
        case ociRepository = "OCIRepository"
        case helmChart = "HelmChart"
    }

    init(_ kind: Kind, _ object: JSON) { (self.kind, self.object) = (kind, object) }

    var state: FluxState { FluxState(of: object) }

    /// How it stands since a reconciliation was asked for with a token.
    func state(since token: String) -> FluxState { FluxState(of: object, token: token) }

    /// Whether a forced upgrade was done that had been asked for with a token.
    func hasForced(_ token: String) -> Bool {
        object.status["lastHandledForceAt"]?.string == token
    }

    /// What it has brought into effect, or fetched: a chart's version or a commit.
    var revision: String? {
        switch kind {
        case .helmRelease: HelmRelease(object).deployed?.chartVersion
        case .kustomization: object.status["lastAppliedRevision"]?.nonEmpty
        case .gitRepository, .helmRepository, .ociRepository, .helmChart:
            object.status[path: ["artifact", "revision"]]?.nonEmpty
        }
    }

    /// The object as messages name it.
    var label: String { "\(kind.rawValue) \(object.qualifiedName)" }
}

extension FluxObject.Kind {
    /// The lists to look for it in, newest first: a server may lack the newest.
    var paths: [String] {
        switch self {
        case .helmRelease:
            ["v2", "v2beta2", "v2beta1"].map {
                APIPath.list("/apis/helm.toolkit.fluxcd.io/\($0)/helmreleases")
            }
        case .kustomization:
            ["v1", "v1beta2"].map {
                APIPath.list("/apis/kustomize.toolkit.fluxcd.io/\($0)/kustomizations")
            }
        case .gitRepository: Self.sources("gitrepositories")
        case .helmRepository: Self.sources("helmrepositories")
        case .ociRepository: Self.sources("ocirepositories")
        case .helmChart: Self.sources("helmcharts")
        }
    }
    private static func sources(_ plural: String) -> [String] {
        ["v1", "v1beta2"].map { APIPath.list("/apis/source.toolkit.fluxcd.io/\($0)/\(plural)") }
    }
}
