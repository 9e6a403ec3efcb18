import FleetModel

/// One entry of a lifecycle manager: a revision of a control plane, or of
/// gateways, in one cluster.
struct GlooInstallation: Sendable {
    enum Kind: Hashable, Sendable, CaseIterable {
        case controlPlane, gateways

        /// The resource type of the lifecycle manager.
        var resource: String {
            self == .controlPlane ? GlooKinds.controlPlanes : GlooKinds.gateways
        }

        /// The end of the names of its states.
        var noun: String { self == .controlPlane ? "CONTROL_PLANE" : "GATEWAY" }
        var revisionField: String { self == .controlPlane ? "revision" : "gatewayRevision" }
    }

    static let managerLabel = "gloo.solo.io/parent_name"
    static let kindLabel = "gloo.solo.io/parent_kind"

    let kind: Kind
    /// The name of the lifecycle manager.
    let manager: String
    let cluster: String
    let revision: String
    /// The whole entry of `installations`.
    let entry: JSON
    /// What the entry says about this cluster.
    let wish: JSON

    /// The entries of a lifecycle manager that name a cluster.
    static func all(of kind: Kind, in manager: JSON, for cluster: String) -> [GlooInstallation] {
        let entries = manager[path: ["spec", "installations"]]?.array ?? []
        return entries.flatMap { entry in
            (entry["clusters"]?.array ?? []).filter { $0["name"]?.string == cluster }.map { wish in
                GlooInstallation(
                    kind: kind, manager: manager.name, cluster: cluster,
                    revision: entry[kind.revisionField]?.string ?? IstioRevision.unrevisioned,
                    entry: entry, wish: wish)
            }
        }
    }

    private var spec: JSON { entry["istioOperatorSpec"] ?? [:] }
    private var hub: String { spec["hub"]?.string ?? "docker.io/istio" }
    private var tag: String { spec["tag"]?.string ?? "" }

    /// The revision whose operator and istiod serve this installation.
    var controlPlaneRevision: String {
        guard kind == .gateways else { return revision }
        return entry["controlPlaneRevision"]?.string ?? revision
    }

    var operatorSpace: String { "gm-iop-\(controlPlaneRevision)" }
    var operatorName: String { "istio-operator-\(controlPlaneRevision)" }
    var istiodName: String { IstioRevision.named("istiod", controlPlaneRevision) }
    var isDefault: Bool { wish["defaultRevision"]?.bool ?? false }

    /// Names are not public in the real product; these only follow its pattern.
    var resourceKey: ObjectKey {
        let name = kind == .controlPlane ? "gloo-mesh-\(revision)" : "\(manager)-\(revision)"
        return ObjectKey(IstioOperatorResource.resource, namespace: operatorSpace, name: name)
    }

    /// The `IstioOperator` that the workload cluster's operator gets.
    var customResource: JSON {
        let labels = [
            Self.managerLabel: manager, Self.kindLabel: kind.noun.lowercased(),
            "cluster.multicluster.solo.io": cluster,
        ]
        return Manifest.make(
            "install.istio.io/v1alpha1", "IstioOperator", resourceKey.name, in: operatorSpace,
            labels: labels, ["spec": operatorSpec])
    }

    private var operatorSpec: JSON {
        var spec = self.spec
        spec["revision"] = .string(revision)
        spec[path: ["values", "global", "multiCluster", "clusterName"]] = .string(cluster)
        // Without a wish, Gloo makes the cluster's name the trust domain.
        let trustDomain =
            wish["trustDomain"]?.string ?? spec[path: ["meshConfig", "trustDomain"]]?.string
            ?? cluster
        spec[path: ["meshConfig", "trustDomain"]] = .string(trustDomain)
        guard kind == .gateways, wish["activeGateway"]?.bool == false else { return spec }
        for name in gateways.map(\.name) {
            spec[path: ["values", "gateways", name, "customService"]] = true
        }
        return spec
    }

    var gateways: [IstioGateway] {
        let bare = Manifest.make(
            "install.istio.io/v1alpha1", "IstioOperator", resourceKey.name, in: operatorSpace,
            ["spec": spec])
        return IstioOperatorResource(object: bare, cluster: cluster).gateways
    }

    /// The operator of a revision: the controller that INSTALLING_CONTROLLER is about.
    var operatorObjects: [JSON] {
        IstioOperatorDeployment(
            name: operatorName, space: operatorSpace, watchedSpace: operatorSpace,
            revision: controlPlaneRevision, image: "\(hub)/operator:\(tag)"
        ).objects
    }

    /// What the status says about it, in a state; PENDING is left out as protobuf does.
    func report(_ state: String, _ message: String?, observed: JSON?) -> JSON {
        var report: JSON = [
            "observedRevision": .string(revision),
            "observedOperator": observed
                ?? [
                    "hub": .string(hub), "tag": .string(tag),
                    "profile": spec["profile"] ?? "default",
                ],
        ]
        if state != "PENDING" { report["state"] = .string(state) }
        if let message { report["message"] = .string(message) }
        return report
    }
}
