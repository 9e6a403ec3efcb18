import FleetModel

/// The in-cluster operators that lead a mesh, and the resources they lead it by.
struct SurveyedOperators: Sendable {
    static let hub = "docker.io/istio"

    let survey: ClusterSurvey

    /// The operators; where the survey doesn't tell, one that takes every revision.
    var deployments: [JSON] {
        guard !survey.unmanagedOperators.isEmpty else { return [] }
        let usual = ClusterSurvey.OperatorPods(
            deployment: "istio-operator/istio-operator", version: nil, revision: "",
            watches: IstioRevision.space)
        return (survey.operatorPods ?? [usual]).flatMap(objects)
    }

    private func objects(_ pods: ClusterSurvey.OperatorPods) -> [JSON] {
        guard let place = QualifiedName(pods.deployment) else { return [] }
        let version = pods.version ?? survey.version(of: .unnamed)
        return IstioOperatorDeployment(
            name: place.name, space: place.space, watchedSpace: pods.watches,
            revision: pods.revision, image: "\(Self.hub)/operator:\(version)"
        ).objects
    }

    var resources: [JSON] { survey.unmanagedOperators.compactMap(resource) }

    private func resource(_ managed: ClusterSurvey.Managed) -> JSON? {
        guard let place = QualifiedName(managed.name) else { return nil }
        let installs = survey.installs(of: managed)
        let revision = Revision(managed.revision ?? Revision.unnamed.rawValue)
        var spec: JSON = [
            "profile": installs.contains("istiod") ? "minimal" : "empty",
            "hub": .string(Self.hub), "tag": .string(survey.version(of: revision)),
            "namespace": .string(IstioRevision.space),
            "meshConfig": ["trustDomain": .string(survey.trustDomains.first ?? "cluster.local")],
            "components": ["ingressGateways": .array(installs.compactMap(gateway))],
        ]
        if revision != .unnamed { spec["revision"] = .string(revision.rawValue) }
        return Manifest.make(
            "install.istio.io/v1alpha1", "IstioOperator", place.name, in: place.space,
            ["spec": spec])
    }

    private func gateway(_ name: String) -> JSON? {
        guard let place = QualifiedName(name) else { return nil }
        let seen = survey.gateways.first { $0.service == name }
        var labels: JSON = ["app": .string(place.name)]
        if let role = seen?.front?.selector["istio"] { labels["istio"] = .string(role) }
        var component: JSON = [
            "name": .string(place.name), "namespace": .string(place.space), "enabled": true,
            "label": labels,
        ]
        let ports = seen?.front?.ports ?? []
        if !ports.isEmpty {
            component[path: ["k8s", "service", "ports"]] = .array(
                ports.map { port in
                    [
                        "name": .string(port.name), "port": .int(Int64(port.port)),
                        "targetPort": .int(Int64(port.target ?? port.port)),
                    ]
                })
        }
        return component
    }
}

extension ClusterSurvey {
    /// The IstioOperators that are not Gloo's.
    var unmanagedOperators: [Managed] {
        operators.filter { $0.kind == "IstioOperator" && !$0.name.hasPrefix(Self.glooSpaces) }
    }

    /// The revisions that Gloo's lifecycle managers brought.
    var managedRevisions: Set<Revision> {
        let managed = operators.filter { $0.name.hasPrefix(Self.glooSpaces) }
        return Set(managed.compactMap { $0.revision.map { Revision($0) } })
    }

    private static let glooSpaces = "gm-iop-"

    /// What a resource asks for. Of one whose survey doesn't tell, its name has to: gateways
    /// if it says so, else a control plane, with the gateways that no other resource has.
    func installs(of managed: Managed) -> [String] {
        if let known = managed.installs { return known }
        let isForGateways = { (resource: Managed) in resource.name.contains("gateway") }
        let first = unmanagedOperators.first(where: isForGateways) ?? unmanagedOperators.first
        let gateways = gateways.filter { !$0.isOrphan }.map(\.service)
        return (isForGateways(managed) ? [] : ["istiod"]) + (managed == first ? gateways : [])
    }

    /// The version that runs of a revision; the lab's own where nobody says.
    func version(of revision: Revision) -> String {
        let planes = controlPlanes.filter { $0.revision == revision }.compactMap(\.version)
        let running = proxies.filter { $0.revision == revision }.compactMap(\.version)
        return planes.first ?? running.first ?? WorkloadSetup.oldVersion
    }
}

/// `namespace/name`, taken apart.
struct QualifiedName: Hashable, Sendable {
    let space: String
    let name: String

    init?(_ text: String) {
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return nil }
        (space, name) = (parts[0], parts[1])
    }
}

extension Revision {
    /// The revision of a proxy as surveys label it: `1-15 1.15.3-solo`.
    init(proxyLabel: String) {
        self.init(proxyLabel.split(separator: " ").first.map(String.init) ?? proxyLabel)
    }
}
