import FleetModel

/// A gateway as an operator renders it: a proxy with a fixed image that no
/// webhook ever injects.
struct IstioGateway: Sendable {
    /// The name of its Service, such as `istio-ingressgateway`.
    var name: String
    var space: String
    /// The label `istio`, such as `ingressgateway`.
    var role: String
    var revision: IstioRevision
    /// The ports of the Service, as the operator's resource lists them.
    var ports: [JSON]
    /// Labels that the resource adds.
    var labels: [String: String] = [:]
    /// Labels that the resource's Service selects by.
    var selector: [String: String] = [:]
    /// Whether the Service sends traffic to this revision.
    var isActive = true
    var replicas = 1

    /// The Deployment's name tells the revision, the Service's does not.
    var deploymentName: String { revision.named(name) }

    var objects: [JSON] {
        [account, deployment, autoscaler] + (isActive ? [service] : [])
    }

    private var ownLabels: [String: String] {
        var own = revision.owner.labels(component: "IngressGateways", revision: revision.name)
        own.merge(identity) { $1 }
        own.merge(labels) { $1 }
        if !revision.isUnrevisioned { own["revision"] = revision.name }
        return own
    }

    private var identity: [String: String] { ["app": name, "istio": role] }

    private var accountName: String { "\(deploymentName)-service-account" }

    private var account: JSON {
        Manifest.serviceAccount(accountName, in: space, labels: ownLabels)
    }

    private var autoscaler: JSON {
        Autoscaler.make(deploymentName, in: space, labels: ownLabels, most: 5)
    }

    private var deployment: JSON {
        var selected = identity
        if !revision.isUnrevisioned { selected["istio.io/rev"] = revision.name }
        return Manifest.make(
            "apps/v1", "Deployment", deploymentName, in: space, labels: ownLabels,
            [
                "spec": [
                    "replicas": .int(Int64(replicas)), "progressDeadlineSeconds": 600,
                    "revisionHistoryLimit": 10,
                    "selector": ["matchLabels": JSON(selected)],
                    "strategy": [
                        "type": "RollingUpdate",
                        "rollingUpdate": ["maxSurge": "100%", "maxUnavailable": "25%"],
                    ],
                    "template": template,
                ]
            ])
    }

    private var template: JSON {
        let podLabels = ownLabels.merging([
            "service.istio.io/canonical-name": deploymentName,
            "service.istio.io/canonical-revision":
                revision.isUnrevisioned ? "latest" : revision.name,
            "sidecar.istio.io/inject": "false",
        ]) { $1 }
        return [
            "metadata": [
                "labels": JSON(podLabels),
                "annotations": [
                    "istio.io/rev": .string(revision.name), "sidecar.istio.io/inject": "false",
                ],
            ],
            "spec": [
                "serviceAccountName": .string(accountName), "restartPolicy": "Always",
                "containers": [proxy],
            ],
        ]
    }

    private var proxy: JSON {
        let workload = "apis/apps/v1/namespaces/\(space)/deployments/\(deploymentName)"
        return IstioProxy(revision: revision, workload: deploymentName, owner: workload).router
    }

    private var service: JSON {
        var selected = identity.merging(selector) { $1 }
        if !revision.isUnrevisioned { selected["revision"] = revision.name }
        return Manifest.make(
            "v1", "Service", name, in: space,
            labels: ownLabels.filter { $0.key != "revision" },
            [
                "spec": [
                    "type": "LoadBalancer", "sessionAffinity": "None",
                    "externalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": true,
                    "ports": .array(ports.map(Self.completed)), "selector": JSON(selected),
                ],
                "status": ["loadBalancer": [:]],
            ])
    }

    private static func completed(_ port: JSON) -> JSON {
        var port = port
        port["protocol"] = port["protocol"] ?? "TCP"
        return port
    }
}
