import FleetModel

extension ClusterSurvey.Owner.Traits {
    /// What the owner's object and the first of its pods say.
    init(of workload: Workload) {
        self.init()
        let spec = workload.object?.spec ?? .null
        replicas = spec["replicas"]?.int
        isPaused = spec["paused"]?.bool == true
        let type = ["strategy", "updateStrategy"].lazy.compactMap { spec[$0]?["type"]?.string }
        strategy = type.first.flatMap { $0 == "RollingUpdate" ? nil : $0 }
        partition = spec[path: ["updateStrategy", "rollingUpdate", "partition"]]?.int
        isOnHostNetwork = workload.pods.first?.isHostNetwork ?? false
        isHeldBySidecars = workload.isHeldBySidecars
        injection = (workload.pods.first?.labels ?? [:]).filter { wishes.contains($0.key) }
    }
}

/// Labels by which a pod chooses its injector itself.
private let wishes: Set<String> = ["sidecar.istio.io/inject", IstioLabel.revision]

extension ClusterSurvey.Gateway.Front {
    init(of service: JSON) {
        self.init(
            ports: service.spec.items("ports").map { port in
                ClusterSurvey.Gateway.Port(
                    name: port["name"]?.string ?? "", port: port["port"]?.int ?? 0,
                    target: port["targetPort"]?.int)
            }, selector: service.spec["selector"]?.strings ?? [:])
    }
}

extension ClusterSurvey.OperatorPods {
    /// Those of the unmanaged installation, by name; Gloo's own come and go with it.
    static func all(of deployments: [JSON]) -> [ClusterSurvey.OperatorPods] {
        deployments.filter { deployment in
            deployment.name.hasPrefix("istio-operator")
                && !deployment.namespace.hasPrefix("gm-iop-")
        }.sorted { $0.qualifiedName < $1.qualifiedName }
            .map { ClusterSurvey.OperatorPods($0) }
    }

    private init(_ deployment: JSON) {
        let containers = deployment.template.spec.items("containers")
        let variable = { (name: String) in
            containers.lazy.compactMap { $0.environment(name) }.first ?? ""
        }
        self.init(
            deployment: deployment.qualifiedName,
            version: imageTag(of: containers.first?["image"]?.string ?? ""),
            revision: variable("REVISION"), watches: variable("WATCH_NAMESPACE"))
    }
}

extension IstioOperatorResource {
    /// What it asks an operator to install, as a survey keeps it.
    var installs: [String] {
        let lists = ["ingressGateways", "egressGateways"].flatMap {
            (object.spec["components"] ?? .null).items($0)
        }
        let gateways = lists.filter { $0["enabled"]?.bool == true }.map { gateway in
            let space = gateway["namespace"]?.nonEmpty ?? object.namespace
            return "\(space)/\(gateway["name"]?.string ?? "")"
        }
        return (isControlPlane ? ["istiod"] : []) + gateways
    }
}
