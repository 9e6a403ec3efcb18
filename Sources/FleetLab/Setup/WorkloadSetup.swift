import FleetModel

/// A workload cluster as a takeover finds it: an unrevisioned Istio 1.23.6 that an
/// in-cluster operator leads, two gateways, and users with sidecars.
///
/// It asks for things as people once did and lets the controllers make them.
struct WorkloadSetup: Sendable {
    static let oldVersion = "1.23.6"
    private static let gatewaySpace = "istio-gateways"
    private static let operatorSpace = "istio-operator"

    let cluster: LabCluster
    let store: ClusterStore
    let isSmall: Bool
    var hasRareKinds = false
    var kind = LabKind.gloo

    /// The mesh itself; it has to be up before anybody's pods are.
    func buildMesh() throws(StatusError) {
        try ClusterFoundation(cluster: cluster, store: store).build()
        if kind.isSail {
            return try SailSetup(store: store, isInPlace: kind == .sailInPlace).build()
        }
        if kind == .istioctl {
            return try IstioctlSetup(cluster: cluster, store: store).build()
        }
        guard kind == .gloo else {
            return try RevisionSetup(cluster: cluster, store: store).build()
        }
        for definition in CustomResources.istio {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        for name in [IstioRevision.space, Self.operatorSpace, Self.gatewaySpace, GlooKinds.space] {
            try store.create("namespaces", Manifest.namespace(name))
        }
        for object in istioOperator + [agent] {
            guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { continue }
            try store.create(resource, object)
        }
        for resource in [controlPlane, ingressGateway, eastWestGateway] {
            try store.create(IstioOperatorResource.resource, resource)
        }
    }

    func buildApplications() throws(StatusError) {
        var chance = Chance(seed: cluster.seed, "applications")
        for space in WorkloadSpace.all(&chance, isSmall: isSmall) + (try rareSpaces()) {
            try store.create(
                "namespaces", Manifest.namespace(space.name, labels: labels(of: space)))
            for application in space.applications where isFit(application) {
                try build(application, in: space.name)
            }
        }
    }

    /// The sail operator keeps a revision for as long as a pod is on it, so nobody is there who
    /// would never leave.
    private func isFit(_ application: LabWorkload) -> Bool {
        !kind.isSail || application.kind != .barePod
    }

    private func rareSpaces() throws(StatusError) -> [WorkloadSpace] {
        guard hasRareKinds else { return [] }
        for definition in CustomResources.argo {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        let old = [
            LabKind.revision: RevisionSetup.oldRevision,
            .sail: SailSetup.revision(SailSetup.oldVersion),
        ]
        return [.rare] + (old[kind].map { [.pinned(to: $0)] } ?? [])
    }

    /// Where the mesh has revisions, the shop follows a tag; everybody else the default.
    private func labels(of space: WorkloadSpace) -> [String: String] {
        (kind == .revision || kind == .sail) && space.name == "shop"
            ? ["istio.io/rev": RevisionSetup.tag] : space.labels
    }

    private func build(_ application: LabWorkload, in space: String) throws(StatusError) {
        try store.create("serviceaccounts", application.serviceAccount(in: space))
        if let service = application.service(in: space) {
            try store.create("services", service)
        }
        if let budget = application.disruptionBudget(in: space) {
            try store.create("poddisruptionbudgets.policy", budget)
        }
        let workload = try store.create(application.resource, application.workload(in: space))
        if let job = application.job(of: workload) { try store.create("jobs.batch", job) }
    }

    // MARK: - The old mesh

    private var istioOperator: [JSON] {
        IstioOperatorDeployment(
            name: "istio-operator", space: Self.operatorSpace, watchedSpace: IstioRevision.space,
            revision: "", image: "docker.io/istio/operator:\(Self.oldVersion)"
        ).objects
    }

    private var agent: JSON {
        LabWorkload(name: "gloo-mesh-agent", kind: .deployment(replicas: 1), version: "2.1.2")
            .workload(in: GlooKinds.space)
    }

    private var controlPlane: JSON {
        resource(
            "control-plane", profile: "minimal", ["meshConfig": ["trustDomain": "cluster.local"]])
    }

    private var ingressGateway: JSON {
        gateway(
            "ingress-gateway", "istio-ingressgateway", role: "ingressgateway",
            ports: [
                ("status-port", 15021, 15021), ("http2", 80, 8080), ("https", 443, 8443),
            ])
    }

    private var eastWestGateway: JSON {
        gateway(
            "eastwest-gateway", "istio-eastwestgateway", role: "eastwestgateway",
            ports: [("status-port", 15021, 15021), ("tls", 15443, 15443)])
    }

    private func gateway(
        _ resource: String, _ name: String, role: String, ports: [(String, Int64, Int64)]
    ) -> JSON {
        let listed = ports.map { port -> JSON in
            ["name": .string(port.0), "port": .int(port.1), "targetPort": .int(port.2)]
        }
        let component: JSON = [
            "name": .string(name), "namespace": .string(Self.gatewaySpace), "enabled": true,
            "label": ["istio": .string(role), "app": .string(name)],
            "k8s": ["service": ["type": "LoadBalancer", "ports": .array(listed)]],
        ]
        return self.resource(
            resource, profile: "empty", ["components": ["ingressGateways": [component]]])
    }

    private func resource(_ name: String, profile: String, _ extra: [String: JSON]) -> JSON {
        var spec = extra
        spec["profile"] = .string(profile)
        spec["hub"] = "docker.io/istio"
        spec["tag"] = .string(Self.oldVersion)
        spec["namespace"] = .string(IstioRevision.space)
        return Manifest.make(
            "install.istio.io/v1alpha1", "IstioOperator", name, in: IstioRevision.space,
            ["spec": .object(spec)])
    }
}
