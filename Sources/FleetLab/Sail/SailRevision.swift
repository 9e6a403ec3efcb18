import FleetModel

/// An `IstioRevision` of the sail operator, and the control plane that it stands for.
struct SailRevision: Sendable {
    let object: JSON
    let cluster: String

    var name: String { object.name }

    /// An istiod of the revision `default` has no revision in its names (sail-operator,
    /// `pkg/revision/values.go`).
    var plane: IstioRevision {
        let version = object[path: ["spec", "version"]]?.string ?? ""
        return IstioRevision(
            name: name, hub: "docker.io/istio", tag: String(version.drop { $0 == "v" }),
            owner: IstioOwner(name: "unknown", namespace: IstioRevision.space), cluster: cluster,
            trustDomain: trustDomain ?? "cluster.local", isNative: true)
    }

    private var trustDomain: String? {
        object[path: ["spec", "values", "meshConfig", "trustDomain"]]?.string
    }

    /// A revision as the operator makes it, but for its owner.
    static func manifest(_ name: String, version: String, _ values: JSON) -> JSON {
        Manifest.make(
            "sailoperator.io/v1", "IstioRevision", name,
            labels: ["app.kubernetes.io/managed-by": "sail-operator"],
            [
                "spec": [
                    "version": .string(version), "type": "Local",
                    "namespace": .string(IstioRevision.space), "values": values,
                ]
            ])
    }

    /// What has an istiod sign for another trust domain.
    static func values(trustDomain: String) -> JSON {
        ["meshConfig": ["trustDomain": .string(trustDomain)]]
    }

    /// What the operator installs for it, as its own.
    var objects: [JSON] { plane.objects.filter { !isDefaultValidator($0) }.map(owned) }

    /// Belongs to the tag `default`, or to a revision of that name.
    private func isDefaultValidator(_ object: JSON) -> Bool {
        object.name == "istiod-default-validator" && !plane.isUnrevisioned
    }

    private func owned(_ object: JSON) -> JSON {
        var object = object
        object[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: self.object)]
        return object
    }

    /// Why the operator would say that it is not ready.
    func isReady(_ store: ClusterStore) -> Bool {
        let key = ObjectKey(
            "deployments.apps", namespace: IstioRevision.space, name: plane.named("istiod"))
        guard let istiod = store.get(key) else { return false }
        return istiod.count("status", "observedGeneration") >= istiod.generation
            && istiod.count("status", "updatedReplicas") >= istiod.count("spec", "replicas")
            && istiod.count("status", "availableReplicas") > 0
    }

    /// Whether a tag, a namespace or a pod refers to it (sail-operator, `isRevisionReferenced`).
    func isReferenced(_ scene: inout Scene) -> Bool {
        if scene.list(SailKinds.tags).contains(where: {
            $0[path: ["status", "istioRevision"]]?.string == name
        }) {
            return true
        }
        let namespaces = scene.list("namespaces")
        if namespaces.contains(where: { Self.revision(ofNamespace: $0.labels) == name }) {
            return true
        }
        let open = Set(
            namespaces.filter { Self.revision(ofNamespace: $0.labels) == nil }.map(\.name))
        return scene.list("pods").contains { pod in
            pod.phase != "Succeeded"
                && (pod.annotations["istio.io/rev"] == name
                    || open.contains(pod.namespace) && pod.labels["istio.io/rev"] == name
                        && pod.labels["sidecar.istio.io/inject"] != "false")
        }
    }

    private static func revision(ofNamespace labels: [String: String]) -> String? {
        labels["istio-injection"] == "enabled"
            ? IstioRevision.unrevisioned : labels["istio.io/rev"]
    }
}
