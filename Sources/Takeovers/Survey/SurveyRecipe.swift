public import FleetModel

/// Makes a survey of one cluster out of what was read of it.
public enum SurveyRecipe {
    /// What came of one look.
    public enum Answer: Hashable, Sendable {
        /// Ask again once these have been read too.
        case needs([Reading])
        case seen(ClusterSurvey)
        /// What was read makes no picture, for this reason.
        case missed(String)
    }

    /// What nothing can be said without; of anything else the survey goes on without it
    /// when we may not read it.
    public static let essentials: Set<Reading> = Set(
        Reading.paths([APIPath.pods, APIPath.namespaces, kubeSystem]))

    /// Looks at what has been read. `gaps` says what could not be, and why; those readings
    /// are given as absent.
    public static func look(_ context: StepContext, gaps: [String] = []) -> Answer {
        do throws(Pause) {
            return .seen(try survey(ClusterView(context), gaps: gaps))
        } catch {
            switch error {
            case .needs(let readings): return .needs(readings)
            case .unclear(let reason): return .missed(reason)
            case .failed(let failure), .remediable(let failure, _):
                return .missed(failure.reason)
            }
        }
    }

    private static func survey(
        _ view: ClusterView, gaps: [String]
    ) throws(Pause) -> ClusterSurvey {
        let objects = try SurveyedObjects(view)
        var survey = ClusterSurvey()
        survey.identity = try view.object(kubeSystem)?.uid ?? ""
        survey.serverVersion = try view.object(APIPath.version)?["gitVersion"]?.string ?? ""
        survey.describeMesh(objects)
        survey.describeWorkloads(objects)
        survey.describeGateways(objects)
        survey.describeTrust(objects, domains: try trustDomains(objects, view))
        survey.describeManagers(objects)
        survey.sail = try ClusterSurvey.Sail(view)
        // One kind may be forbidden in each of its versions.
        survey.gaps = Set(gaps).sorted()
        return survey
    }

    /// The trust domains of the control planes and of the proxies that run.
    private static func trustDomains(
        _ objects: SurveyedObjects, _ view: ClusterView
    ) throws(Pause) -> [String] {
        let maps = objects.planes.map(\.meshConfigMapPath)
        try view.require(maps)
        var domains = Set(objects.pods.compactMap { TrustDomain.of(proxyIn: $0.object) })
        for map in maps {
            guard let object = try view.object(map) else { continue }
            domains.insert(TrustDomain.of(meshConfigMap: object))
        }
        return domains.sorted()
    }

    fileprivate static let kubeSystem = APIPath.namespace("kube-system")
}

/// The objects a survey is made from, each read once.
struct SurveyedObjects {
    let pods: [Pod]
    let namespaces: [MeshNamespace]
    let workloads: Workloads
    let planes: [ControlPlane]
    let deployments: [JSON]
    let daemonSets: [JSON]
    let services: [JSON]
    let endpoints: Endpoints
    let mutating: [JSON]
    let validating: [JSON]
    let rootConfigMaps: [JSON]
    let operators: [IstioOperatorResource]
    let budgets: [DisruptionBudget]
    let releases: [FluxObject]

    /// Reads what is there. A kind that the server does not know has no objects.
    init(_ view: ClusterView) throws(Pause) {
        try view.require(Self.firstPaths)
        let read = { (paths: [String]) throws(Pause) -> [JSON] in
            try view.optionalList(firstOf: paths) ?? []
        }
        pods = try view.pods()
        namespaces = try view.namespaces()
        deployments = try read([APIPath.deployments])
        daemonSets = try read([APIPath.daemonSets])
        workloads = try Workloads(view)
        planes = ControlPlane.all(in: deployments)
        services = try read([APIPath.services])
        endpoints = Endpoints(slices: try read(APIPath.endpointSlices))
        mutating = try read([APIPath.mutatingWebhooks])
        validating = try read([APIPath.validatingWebhooks])
        rootConfigMaps = try read([APIPath.rootCertificates])
        operators = try read([APIPath.istioOperators]).map(IstioOperatorResource.init)
        budgets = try read(APIPath.disruptionBudgets).map(DisruptionBudget.init)
        var releases: [FluxObject] = []
        for kind in FluxObject.Kind.allCases {
            releases += try read(kind.paths).map { FluxObject(kind, $0) }
        }
        self.releases = releases
    }

    /// What can be asked for at once; the rest only where the server lacks one of these.
    private static let firstPaths =
        [
            APIPath.version, APIPath.namespace("kube-system"), APIPath.pods, APIPath.namespaces,
            APIPath.deployments, APIPath.replicaSets, APIPath.statefulSets, APIPath.daemonSets,
            APIPath.services, APIPath.endpointSlices[0],
            APIPath.mutatingWebhooks, APIPath.validatingWebhooks, APIPath.rootCertificates,
            APIPath.istioOperators, APIPath.disruptionBudgets[0], SailResource.istiosPath,
        ] + FluxObject.Kind.allCases.map { $0.paths[0] }
}

extension ControlPlane {
    /// Where its mesh configuration is.
    fileprivate var meshConfigMapPath: String {
        let name = revision == .unnamed ? "istio" : "istio-\(revision)"
        return APIPath.configMap(name, in: deployment.namespace)
    }
}
