import FleetModel

/// The control planes, tags and gateways of a cluster that was surveyed.
///
/// Each comes as it came there: by Flux, by an in-cluster operator, by Helm, or by hand. What
/// Gloo's lifecycle managers brought is left out, because they begin anew with the lab.
struct SurveyedMesh: Sendable {
    let cluster: LabCluster
    let survey: ClusterSurvey
    let store: ClusterStore
    let isHelms: Bool

    func build() throws(StatusError) {
        if cluster.management != nil, survey.showsGloo { try buildAgent() }
        guard !survey.isBigBang else { return }
        try buildOperators()
        try sail?.build()
        for plane in planes where !isLed(plane) {
            for object in objects(of: plane) { try install(object) }
        }
        for injector in survey.injectors {
            guard let tag = injector.tag, survey.sail?.leads(tag: tag) != true,
                let plane = plane(injector.revision)
            else { continue }
            try install(revision(of: plane).tag(tag))
        }
    }

    /// The gateways that nobody in the cluster makes by itself, and the injectors that were
    /// taken their default away.
    func buildGateways() throws(StatusError) {
        guard !survey.isBigBang else { return }
        for gateway in survey.gateways where !isLed(gateway) {
            for object in objects(of: gateway) { try install(object) }
        }
        for injector in overruled { try silence(injector) }
    }

    /// The sail operator's part; `nil` where it leads nothing.
    var sail: SurveyedSail? {
        guard !survey.isBigBang else { return nil }
        return survey.sail.map {
            SurveyedSail(sail: $0, trustDomain: trustDomain, store: store)
        }
    }

    // MARK: - Control planes

    private var planes: [ClusterSurvey.ControlPlane] {
        survey.controlPlanes.filter { !survey.managedRevisions.contains($0.revision) }
    }

    func plane(_ name: Revision) -> ClusterSurvey.ControlPlane? {
        planes.first { $0.revision == name }
    }

    func isLed(_ plane: ClusterSurvey.ControlPlane) -> Bool {
        survey.sail?.leads(plane.revision) == true
            || survey.unmanagedOperators.contains {
                $0.revision == plane.revision.rawValue
                    && survey.installs(of: $0).contains("istiod")
            }
    }

    /// By hand, as `istioctl install` does it, or as a release of Helm's.
    private func objects(of plane: ClusterSurvey.ControlPlane) -> [JSON] {
        guard isHelms else { return revision(of: plane).objects }
        let base = plane.revision == planes.first?.revision
        return releases(of: plane, withBase: base).flatMap { release in
            release.objects + [release.record(at: store.clock.now)]
        }
    }

    private func releases(
        of plane: ClusterSurvey.ControlPlane, withBase: Bool
    ) -> [LabRelease] {
        let (version, name) = (version(of: plane), plane.revision.rawValue)
        let values = [
            "revision": name, "meshConfig.trustDomain": trustDomain,
            "env.\(LabChart.ambient)": "\(takesTunnels)",
        ]
        let given =
            [("base", "istio-base", ["defaultRevision": name])]
            .filter { _ in withBase } + [("istiod", "istiod-\(name)", values)]
        return given.compactMap { chart, release, values in
            LabChart.all(version: version).first { $0.name == chart }.map {
                LabRelease(
                    name: release, space: IstioRevision.space, chart: $0, version: version,
                    values: values)
            }
        }
    }

    private func revision(of plane: ClusterSurvey.ControlPlane) -> IstioRevision {
        revision(plane.revision, version(of: plane))
    }

    private func revision(_ name: Revision, _ version: String) -> IstioRevision {
        IstioRevision(
            name: name.rawValue, hub: SurveyedOperators.hub, tag: version,
            owner: IstioOwner(name: "unknown", namespace: IstioRevision.space),
            cluster: store.cluster, trustDomain: trustDomain,
            environment: takesTunnels ? [Manifest.variable(LabChart.ambient, "true")] : [])
    }

    private func version(of plane: ClusterSurvey.ControlPlane) -> String {
        plane.version ?? survey.version(of: plane.revision)
    }

    private var trustDomain: String { survey.trustDomains.first ?? "cluster.local" }

    // MARK: - Who leads them

    private func buildOperators() throws(StatusError) {
        let operators = SurveyedOperators(survey: survey)
        for object in operators.deployments { try install(object) }
        for resource in operators.resources {
            try store.create(IstioOperatorResource.resource, resource)
        }
    }

    private func buildAgent() throws(StatusError) {
        try install(
            LabWorkload(name: "gloo-mesh-agent", kind: .deployment(replicas: 1))
                .workload(in: GlooKinds.space))
    }

    // MARK: - Gateways

    private func isLed(_ gateway: ClusterSurvey.Gateway) -> Bool {
        let isManaged = gateway.proxies.contains { label in
            survey.managedRevisions.contains(Revision(proxyLabel: label))
        }
        return isManaged
            || survey.unmanagedOperators.contains {
                survey.installs(of: $0).contains(gateway.service)
            }
    }

    private func objects(of gateway: ClusterSurvey.Gateway) -> [JSON] {
        guard let place = QualifiedName(gateway.service) else { return [] }
        guard let label = gateway.proxies.first else { return [orphan(gateway, place)] }
        let name = Revision(proxyLabel: label)
        let isInjected = survey.owners.contains {
            $0.namespace == place.space && $0.name == place.name
        }
        guard !isInjected else { return injected(place, name) }
        return IstioGateway(
            name: place.name, space: place.space, role: gateway.role,
            revision: revision(name, survey.version(of: name)), ports: gateway.ports,
            replicas: max(1, gateway.readyEndpoints)
        ).objects
    }

    /// A gateway of Istio's own chart, whose proxy an injector puts in.
    private func injected(_ place: QualifiedName, _ name: Revision) -> [JSON] {
        let version = survey.version(of: name)
        guard let chart = LabChart.all(version: version).first(where: { $0.name == "gateway" })
        else { return [] }
        let release = LabRelease(
            name: place.name, space: place.space, chart: chart, version: version,
            values: ["revision": name.rawValue])
        return release.objects + (isHelms ? [release.record(at: store.clock.now)] : [])
    }

    /// A load balancer that an operator left behind.
    private func orphan(_ gateway: ClusterSurvey.Gateway, _ place: QualifiedName) -> JSON {
        Manifest.make(
            "v1", "Service", place.name, in: place.space,
            labels: ["operator.istio.io/component": "IngressGateways"],
            [
                "spec": [
                    "type": "LoadBalancer", "selector": ["istio": .string(gateway.role)],
                    "ports": .array(gateway.ports),
                ]
            ])
    }

    // MARK: - Installing

    /// The injectors of revisions that would have the last word, being called after the one
    /// that has it, or would have a say at all, and don't.
    private var overruled: [ClusterSurvey.Injector] {
        let acting = survey.injectors.firstIndex(where: \.acts) ?? survey.injectors.endIndex
        return survey.injectors.enumerated().filter { number, injector in
            injector.tag == nil && (number > acting || !injector.isDefault)
        }.map(\.element)
    }

    /// Leaves an injector the hooks that answer to its revision's name alone.
    private func silence(_ injector: ClusterSurvey.Injector) throws(StatusError) {
        let resource = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
        let key = ObjectKey(resource, name: injector.name)
        guard store.get(key) != nil else { return }
        try store.update(key) { configuration in
            let hooks = configuration["webhooks"]?.array ?? []
            configuration["webhooks"] = .array(
                hooks.filter { $0["name"]?.string?.hasPrefix("rev.") == true })
        }
    }

    func install(_ object: JSON) throws(StatusError) {
        guard let resource = SurveyedKinds.resource(of: object["kind"]?.string) else { return }
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        guard store.get(key) == nil else { return }
        if !object.namespace.isEmpty,
            store.get(ObjectKey("namespaces", name: object.namespace)) == nil
        {
            try store.create("namespaces", Manifest.namespace(object.namespace))
        }
        try store.create(resource, object)
    }
}

/// The resource types of what a mesh is installed from.
enum SurveyedKinds {
    static func resource(of kind: String?) -> String? {
        switch kind {
        case "CustomResourceDefinition": "customresourcedefinitions.apiextensions.k8s.io"
        case "Secret": "secrets"
        default: OwnedKinds.resource(of: kind)
        }
    }
}

extension ClusterSurvey.Gateway {
    /// The label `istio` of its pods.
    fileprivate var role: String {
        let name = service.split(separator: "/").last.map(String.init) ?? service
        let short = name.hasPrefix("istio-") ? String(name.dropFirst("istio-".count)) : name
        return front?.selector["istio"] ?? short
    }

    /// Its ports; those of an ingress gateway where the survey doesn't tell.
    fileprivate var ports: [JSON] {
        let known = front?.ports ?? []
        let usual: [ClusterSurvey.Gateway.Port] = [
            .init(name: "status-port", port: 15021, target: 15021),
            .init(name: "http2", port: 80, target: 8080),
            .init(name: "https", port: 443, target: 8443),
        ]
        return (known.isEmpty ? usual : known).map { port in
            [
                "name": .string(port.name), "port": .int(Int64(port.port)),
                "targetPort": .int(Int64(port.target ?? port.port)), "protocol": "TCP",
            ]
        }
    }
}
