import FleetModel

/// The mesh of a cluster that Helm installed: base, one istiod with a revision, the nodes' agents
/// of the CNI, ztunnel, a gateway, and two tags that point to the revision.
struct RevisionSetup: Sendable {
    static let oldRevision = "1-27"
    static let oldVersion = "1.27.3"
    static let newRevision = "1-28"
    static let newVersion = "1.28.0"
    static let gateway = "istio-ingress"
    static let agent = "istio-cni"
    static let tag = "prod-stable"

    let cluster: LabCluster
    let store: ClusterStore

    func build() throws(StatusError) {
        for name in [IstioRevision.space, Self.gateway] {
            try store.create("namespaces", Manifest.namespace(name))
        }
        for release in releases {
            for object in release.objects { try create(object) }
            try store.create("secrets", release.record(at: store.clock.now))
        }
        for tag in ["default", Self.tag] { try create(revision.tag(tag)) }
    }

    private var releases: [LabRelease] {
        LabChart.all(version: Self.oldVersion).map { chart in
            let (name, values) = Self.release(of: chart.name)
            return LabRelease(
                name: name, space: name == Self.gateway ? Self.gateway : IstioRevision.space,
                chart: chart, version: Self.oldVersion, values: values)
        }
    }

    /// The release of a chart, by its name, and what it was given.
    private static func release(of chart: String) -> (name: String, values: [String: String]) {
        switch chart {
        case "base": ("istio-base", ["defaultRevision": oldRevision])
        case "istiod":
            ("istiod-\(oldRevision)", ["revision": oldRevision, "env.\(LabChart.ambient)": "true"])
        case "cni": (agent, ["global.hub": "docker.io/istio"])
        case "ztunnel": (chart, ["revision": oldRevision])
        default: (gateway, ["revision": oldRevision])
        }
    }

    private var revision: IstioRevision {
        IstioRevision(
            name: Self.oldRevision, hub: "docker.io/istio", tag: Self.oldVersion,
            owner: IstioOwner(name: "unknown", namespace: IstioRevision.space),
            cluster: cluster.name)
    }

    private func create(_ object: JSON) throws(StatusError) {
        let kind = object["kind"]?.string
        let resource =
            kind == "CustomResourceDefinition"
            ? "customresourcedefinitions.apiextensions.k8s.io" : OwnedKinds.resource(of: kind)
        guard let resource else { return }
        try store.create(resource, object)
    }
}
