import FleetModel

/// The mesh of a cluster that the sail operator leads: one Istio by revisions, the tag `default`
/// that follows it, and a tag that names its revision; or one Istio that is changed in place,
/// whose revision is called `default` and needs no tag.
struct SailSetup: Sendable {
    static let oldVersion = "1.27.3"
    static let newVersion = "1.28.0"
    static let tag = RevisionSetup.tag

    let store: ClusterStore
    let isInPlace: Bool

    static func revision(_ version: String) -> String {
        "default-v" + version.map { $0 == "." ? "-" : String($0) }.joined()
    }

    func build() throws(StatusError) {
        for definition in CustomResources.istio + CustomResources.sail {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        for name in [IstioRevision.space, "sail-operator"] {
            try store.create("namespaces", Manifest.namespace(name))
        }
        let controller = LabWorkload(
            name: "sail-operator", kind: .deployment(replicas: 1), version: "1.28.0")
        try store.create("deployments.apps", controller.workload(in: "sail-operator"))
        try store.create(SailKinds.istios, istio)
        guard !isInPlace else { return }
        try store.create(SailKinds.tags, tag("default", leadingTo: "Istio", "default"))
        try store.create(
            SailKinds.tags,
            tag(Self.tag, leadingTo: "IstioRevision", Self.revision(Self.oldVersion)))
    }

    private var istio: JSON {
        Manifest.make(
            "sailoperator.io/v1", "Istio", "default",
            [
                "spec": [
                    "version": .string("v\(Self.oldVersion)"),
                    "namespace": .string(IstioRevision.space),
                    "updateStrategy": [
                        "type": isInPlace ? "InPlace" : "RevisionBased",
                        "inactiveRevisionDeletionGracePeriodSeconds": 30,
                    ],
                ]
            ])
    }

    private func tag(_ name: String, leadingTo kind: String, _ target: String) -> JSON {
        Manifest.make(
            "sailoperator.io/v1", "IstioRevisionTag", name,
            ["spec": ["targetRef": ["kind": .string(kind), "name": .string(target)]]])
    }
}
