import FleetModel

/// An `IstioOperator`: what it asks an operator to install.
struct IstioOperatorResource: Sendable {
    static let resource = "istiooperators.install.istio.io"
    static let finalizer = "istio-finalizer.install.istio.io"

    let object: JSON
    /// The name of the cluster it is in, for the proxies' `ISTIO_META_CLUSTER_ID`.
    let cluster: String

    var key: ObjectKey {
        ObjectKey(Self.resource, namespace: object.namespace, name: object.name)
    }

    var owner: IstioOwner { IstioOwner(name: object.name, namespace: object.namespace) }
    private var spec: JSON { object["spec"] ?? [:] }

    /// Left behind by `istioctl install`, or switched off: no operator's business.
    var isIgnored: Bool {
        object.name.hasPrefix("installed-state")
            || object.annotations["install.istio.io/ignoreReconcile"] == "true"
    }

    var revisionName: String {
        let name = spec["revision"]?.string ?? ""
        return name.isEmpty ? IstioRevision.unrevisioned : name
    }

    var hasControlPlane: Bool {
        spec["profile"]?.string != "empty"
            && spec[path: ["components", "pilot", "enabled"]]?.bool != false
    }

    var revision: IstioRevision {
        let mesh = spec["meshConfig"]
        var revision = IstioRevision(
            name: revisionName, hub: spec["hub"]?.string ?? "docker.io/istio",
            tag: spec["tag"]?.string ?? "1.14.5", owner: owner,
            cluster: spec[path: ["values", "global", "multiCluster", "clusterName"]]?.string
                ?? cluster)
        revision.trustDomain = mesh?["trustDomain"]?.string ?? "cluster.local"
        revision.holdsApplication =
            mesh?[path: ["defaultConfig", "holdApplicationUntilProxyStarts"]]?.bool ?? false
        revision.environment =
            spec[path: ["components", "pilot", "k8s", "env"]]?.array ?? []
        return revision
    }

    var gateways: [IstioGateway] {
        let components = spec["components"]
        let lists = ["ingressGateways", "egressGateways"].flatMap { components?[$0]?.array ?? [] }
        return lists.filter { $0["enabled"]?.bool == true }.map(gateway)
    }

    /// Everything it asks for.
    var objects: [JSON] {
        (hasControlPlane ? revision.objects : []) + gateways.flatMap(\.objects)
    }

    /// What `status.componentStatus` lists.
    var components: [String] {
        (hasControlPlane ? ["Base", "Pilot"] : []) + (gateways.isEmpty ? [] : ["IngressGateways"])
    }

    private func gateway(_ component: JSON) -> IstioGateway {
        let name = component["name"]?.string ?? "istio-ingressgateway"
        let service = component[path: ["k8s", "service"]]
        let labels = component["label"]?.strings ?? [:]
        let own = spec[path: ["values", "gateways", name, "customService"]]?.bool == true
        return IstioGateway(
            name: name, space: component["namespace"]?.string ?? IstioRevision.space,
            role: labels["istio"] ?? name.split(separator: "-").dropFirst().joined(separator: "-"),
            revision: revision, ports: service?["ports"]?.array ?? Self.statusPort,
            labels: labels, selector: service?["selector"]?.strings ?? [:], isActive: !own)
    }

    private static let statusPort: [JSON] = [
        ["name": "status-port", "port": 15021, "targetPort": 15021]
    ]
}
