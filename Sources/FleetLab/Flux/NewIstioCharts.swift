import FleetModel

/// The packages that come: Istio's own Helm charts.
enum NewIstioCharts {
    /// Kept when their release goes, and left alone by the operator.
    static let definitions: [JSON] = CustomResources.istio
        .filter { !$0.name.hasSuffix(".install.istio.io") }
        .map { definition in
            var definition = definition
            definition[path: ["metadata", "annotations", "helm.sh/resource-policy"]] = "keep"
            return definition
        }

    static func istiod(_ version: String, cluster: String) -> [JSON] {
        var revision = IstioRevision(
            name: IstioRevision.unrevisioned, hub: BigBangEdition.registry,
            tag: version, owner: IstioOwner(name: "unknown", namespace: ""),
            cluster: cluster)
        revision.isNative = true
        return revision.objects.map(asChart) + [encryption]
    }

    /// Big Bang's package keeps plain text out of the whole mesh, as the old one did.
    private static let encryption = Manifest.make(
        "security.istio.io/v1beta1", "PeerAuthentication", "default", in: IstioRevision.space,
        ["spec": ["mtls": ["mode": "STRICT"]]])

    /// Istio's charts set the owner to `unknown` on some kinds and leave it out on others,
    /// where a merge then keeps whatever was there: the operator's.
    private static let unownedKinds: Set<String> = [
        "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
        "ValidatingWebhookConfiguration",
    ]

    private static func asChart(_ object: JSON) -> JSON {
        var labels = object.labels.filter {
            !$0.key.hasPrefix("operator.istio.io/") && !$0.key.hasPrefix("install.operator")
        }
        if !unownedKinds.contains(object["kind"]?.string ?? "") {
            labels[IstioOwner.nameLabel] = "unknown"
        }
        var object = object
        object[path: ["metadata", "labels"]] = JSON(labels)
        return object
    }

    // MARK: - Gateways

    /// The proxy's image is `auto`: the injector fills it in.
    static func gateway(_ name: String, in space: String, _ values: HelmValues) -> [JSON] {
        let identity = ["app": name, "istio": "ingressgateway"]
        return [
            Manifest.serviceAccount(account(name), in: space, labels: identity),
            deployment(name, in: space, identity),
            Autoscaler.make(name, in: space, labels: identity, most: 5),
            service(name, in: space, identity),
            IstioRouting.gateway(name, in: space),
        ] + certificates(values, in: space)
    }

    private static func certificates(_ values: HelmValues, in space: String) -> [JSON] {
        (values.document["gatewayCerts"]?.array ?? []).map { certificate in
            Manifest.make(
                "v1", "Secret", certificate["name"]?.string ?? "", in: space,
                ["type": "kubernetes.io/tls", "data": ["tls.crt": "LQ==", "tls.key": "LQ=="]])
        }
    }

    private static func account(_ name: String) -> String {
        "\(name)-ingressgateway-service-account"
    }

    private static func deployment(
        _ name: String, in space: String, _ identity: [String: String]
    ) -> JSON {
        Manifest.make(
            "apps/v1", "Deployment", name, in: space, labels: identity,
            [
                "spec": [
                    "replicas": 1, "progressDeadlineSeconds": 600,
                    "selector": ["matchLabels": JSON(identity)],
                    "template": [
                        "metadata": [
                            "labels": JSON(
                                identity.merging(["sidecar.istio.io/inject": "true"]) { $1 }),
                            "annotations": ["inject.istio.io/templates": "gateway"],
                        ],
                        "spec": [
                            "serviceAccountName": .string(account(name)),
                            "containers": [
                                ["name": .string(IstioProxy.container), "image": "auto"]
                            ],
                        ],
                    ],
                ]
            ])
    }

    private static func service(
        _ name: String, in space: String, _ identity: [String: String]
    ) -> JSON {
        Manifest.make(
            "v1", "Service", name, in: space, labels: identity,
            [
                "spec": [
                    "type": "LoadBalancer", "selector": JSON(identity),
                    "ports": .array(IstioRouting.ports),
                ],
                "status": ["loadBalancer": [:]],
            ])
    }
}
