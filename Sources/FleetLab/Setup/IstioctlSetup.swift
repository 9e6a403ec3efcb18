import FleetModel

/// The mesh of a cluster that `istioctl install` made: an istiod without a revision, and a
/// gateway that it injects.
struct IstioctlSetup: Sendable {
    static let oldVersion = RevisionSetup.oldVersion
    static let newRevision = RevisionSetup.newRevision
    static let newVersion = RevisionSetup.newVersion

    let cluster: LabCluster
    let store: ClusterStore

    func build() throws(StatusError) {
        for definition in CustomResources.istio {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        for name in [IstioRevision.space, RevisionSetup.gateway] {
            try store.create("namespaces", Manifest.namespace(name))
        }
        let old = Self.revision(
            IstioRevision.unrevisioned, Self.oldVersion, from: LabTarget.istioctl.hub,
            cluster: cluster.name)
        for object in old.objects + gateway {
            guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { continue }
            try store.create(resource, object)
        }
    }

    private var gateway: [JSON] {
        LabChart.all(version: Self.oldVersion).last?.objects(
            release: RevisionSetup.gateway, in: RevisionSetup.gateway,
            values: ["revision": IstioRevision.unrevisioned]) ?? []
    }

    /// A control plane as istioctl labels it.
    private static func revision(
        _ name: String, _ version: String, from hub: String, cluster: String
    ) -> IstioRevision {
        IstioRevision(
            name: name, hub: hub, tag: version,
            owner: IstioOwner(name: "unknown", namespace: IstioRevision.space), cluster: cluster)
    }

    /// What the new revision consists of, for who plays istioctl in a lab.
    static func objects(of target: LabTarget) -> JSON {
        let objects = revision(
            target.revision, target.version, from: target.hub, cluster: "Kubernetes"
        ).objects
        return ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    }
}
