import FleetModel

/// A cluster that begins as it was recorded, and lives on from there.
///
/// Objects keep what was theirs: uids, statuses, finalizers. What a recording leaves out
/// because nobody looks at it is made up: nodes, definitions of resources, what an istiod needs
/// to do its work, the ReplicaSets and pods that Deployments say they have, and what Flux needs
/// to go on with Big Bang.
struct RecordedSetup: Sendable {
    let cluster: LabCluster
    let recording: Recording
    let store: ClusterStore
    /// The store of its management cluster.
    var management: ClusterStore?

    func build() throws(StatusError) {
        try ClusterFoundation(cluster: cluster, store: store).build()
        for definition in definitions {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        let ofWorkloads: Set = ["ReplicaSet", "Pod"]
        for object in recording.objects where object["kind"] == "Namespace" {
            try restore(object)
        }
        for object in recording.objects where object["kind"] != "Namespace" {
            if !ofWorkloads.contains(object["kind"]?.string ?? "") { try restore(object) }
        }
        let pods = RecordedPods(recording.objects, store)
        for object in pods.replicaSets + pods.pods { try restore(object) }
        for istiod in store.list("deployments.apps") where istiod.labels["app"] == "istiod" {
            try empower(istiod)
        }
        try keepRoot()
        try adoptInstallations()
        guard recording.isBigBang else { return }
        try RecordedFlux(edition: recording.bigBangEdition, store: store).build()
    }

    /// The CA goes on with the root that everybody trusts; recordings have no Secrets.
    private func keepRoot() throws(StatusError) {
        let key = ObjectKey(
            "configmaps", namespace: IstioRevision.space, name: MeshRoot.configMap)
        guard MeshRoot.read(from: store) == nil,
            let root = store.get(key)?[path: ["data", "root-cert.pem"]]?.string
        else { return }
        try store.restore("secrets", MeshRoot.secret(of: root))
    }

    /// What Gloo has installed is written down as the lab's Gloo writes it: another wording
    /// would be an edit to it, and rolled out.
    private func adoptInstallations() throws(StatusError) {
        for kind in GlooInstallation.Kind.allCases {
            for manager in management?.list(kind.resource, namespace: GlooKinds.space) ?? [] {
                let statuses = manager[
                    path: ["status", "clusters", cluster.registeredName, "installations"]]
                let all = GlooInstallation.all(of: kind, in: manager, for: cluster.registeredName)
                for one in all { try adopt(one, statuses?[one.revision]?["state"]?.string) }
            }
        }
    }

    private func adopt(
        _ installation: GlooInstallation, _ state: String?
    ) throws(StatusError) {
        guard let state, !state.isBeforeAnything else { return }
        for object in installation.operatorObjects where isAbsent(object) { try restore(object) }
        guard state != "INSTALLING_CONTROLLER" else { return }
        let key = installation.resourceKey
        var resource = installation.customResource
        let known = store.get(key)
        resource["status"] = known?["status"] ?? ["status": "HEALTHY"]
        resource.metadata["uid"] = known?.metadata["uid"]
        resource.finalizers = [IstioOperatorResource.finalizer]
        try restore(resource)
    }

    private func isAbsent(_ object: JSON) -> Bool {
        guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { return false }
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        return store.get(key) == nil
    }

    private var definitions: [JSON] {
        CustomResources.istio + CustomResources.flux + CustomResources.gloo + CustomResources.sail
            + CustomResources.argo
    }

    /// Kinds that the lab has never heard of are left out: nothing in it would look at them.
    private func restore(_ object: JSON) throws(StatusError) {
        let group = object["apiVersion"]?.string?.split(separator: "/").dropLast().first ?? ""
        let type = store.types.first { $0.group == group && $0.kind == object["kind"]?.string }
        guard let type, !isHelmsMemory(object) else { return }
        let space = type.isNamespaced ? object.namespace : ""
        if !space.isEmpty, store.get(ObjectKey("namespaces", name: space)) == nil {
            try store.create("namespaces", Manifest.namespace(space))
        }
        try store.restore(type.id, owned(object))
    }

    /// What Flux's Helm remembers is made anew: only Helm itself could read it.
    private func isHelmsMemory(_ object: JSON) -> Bool {
        recording.isBigBang && object["type"] == "helm.sh/release.v1"
    }

    /// The object with whole labels of the `IstioOperator` it came from: recordings are short of
    /// the namespace, and of all of them on Services, and its operator would never prune it.
    private func owned(_ object: JSON) -> JSON {
        let twin = recording.objects.first {
            object["kind"] == "Service" && $0["kind"] == "Deployment"
                && $0.name == object.name && $0.namespace == object.namespace
        }
        let labels = (twin?.labels ?? [:]).merging(object.labels) { $1 }
        guard let name = labels[IstioOwner.nameLabel],
            let owner = recording.objects.first(where: {
                $0["kind"] == "IstioOperator" && $0.name == name
            })
        else { return object }
        var object = object
        for (key, value) in [
            (IstioOwner.nameLabel, name), (IstioOwner.namespaceLabel, owner.namespace),
        ] {
            object[path: ["metadata", "labels", key]] = .string(value)
        }
        return object
    }

    /// Its account and its rights, without which it could change nothing.
    private func empower(_ istiod: JSON) throws(StatusError) {
        guard let revision = RunningIstiod(deployment: istiod, mesh: "")?.revision else { return }
        let needed = revision.objects.filter { object in
            object["kind"] == "ServiceAccount" || object["kind"]?.string?.hasSuffix("Role") == true
                || object["kind"]?.string?.hasSuffix("RoleBinding") == true
        }
        for object in needed where isAbsent(object) { try restore(object) }
    }
}

extension String {
    /// Whether it is a state of Gloo in which nothing has been made in the cluster, or nothing is
    /// left of it.
    fileprivate var isBeforeAnything: Bool {
        ["PENDING", "INSTALL_PENDING", "NO_CONTROL_PLANE_AVAILABLE"].contains(self)
            || hasPrefix("UNINSTALL")
    }
}
