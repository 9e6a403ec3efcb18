import FleetModel

extension ClusterSurvey {
    /// A cluster in the trap of two default injectors.
    static let trapped: ClusterSurvey = {
        var survey = ClusterSurvey()
        survey.identity = "0c7e5a7e"
        survey.serverVersion = "v1.27.3"
        survey.controlPlanes = [
            .init(revision: "default", version: "1.14.5", deployment: "istio-system/istiod"),
            .init(
                revision: "1-15", version: "1.15.3-solo", deployment: "istio-system/istiod-1-15",
                trouble: "0 of 1 pods are available"),
        ]
        survey.proxies = [
            .init(kind: "gateway", revision: "1-15", version: "1.15.3-solo", count: 1),
            .init(kind: "sidecar", revision: "default", version: "1.14.5", count: 12),
            .init(kind: "sidecar", revision: "1-15", version: "1.15.3-solo", count: 2),
        ]
        survey.injectors = [
            .init(
                name: "istio-revision-tag-default", revision: "1-15", tag: "default",
                isDefault: true, acts: false),
            .init(
                name: "istio-sidecar-injector", revision: "default", tag: nil, isDefault: true,
                acts: true),
        ]
        survey.namespaces = [
            .init(
                asks: "default", gets: "default", names: ["bookinfo", "shop"], isUnanswered: false),
            .init(asks: "nothing", gets: nil, names: ["kube-system"], isUnanswered: false),
            .init(asks: "revision prod", gets: nil, names: ["lost"], isUnanswered: true),
        ]
        survey.owners = [
            .init(
                kind: "Deployment", namespace: "bookinfo", name: "details-v1", pods: 1,
                proxies: ["default 1.14.5"], restart: .possible),
            .init(
                kind: "Pod", namespace: "shop", name: "toolbox", pods: 1,
                proxies: ["default 1.14.5"],
                restart: .impossible("a bare pod: nothing would make it anew")),
        ]
        survey.gateways = [
            .init(
                service: "gloo-mesh-gateways/istio-eastwestgateway", type: "LoadBalancer",
                address: nil, readyEndpoints: 1, proxies: ["1-15 1.15.3-solo"])
        ]
        survey.roots = [
            .init(
                fingerprints: [
                    "c12583481736c8d7fbdfaf3f5c11b848ef1504d445067c55026127791ee24ef5"
                ], namespaces: ["bookinfo", "istio-system"])
        ]
        survey.trustDomains = ["cluster.local"]
        survey.operators = [
            .init(
                kind: "IstioOperator", name: "istio-system/control-plane", state: "HEALTHY",
                isWell: true, revision: "default")
        ]
        return survey
    }()

    /// A cluster where all is well.
    static let calm: ClusterSurvey = {
        var survey = trapped
        survey.controlPlanes.removeLast()
        survey.proxies = [survey.proxies[1]]
        survey.injectors.removeFirst()
        survey.namespaces.removeLast()
        survey.owners.removeLast()
        survey.gateways = []
        return survey
    }()
}

extension FleetSurvey {
    static let sample = FleetSurvey(
        takenAt: Timestamp(milliseconds: 1_750_000_000_000),
        sightings: [
            .init("edge-01", .seen(.trapped)), .init("edge-02", .seen(.calm)),
            .init(
                "edge-03",
                .missed("Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout")),
        ])
}
