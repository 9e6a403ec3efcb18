import FleetModel

/// The objects a control plane consists of.
extension IstioRevision {
    /// Everything but the namespace, in the order an operator applies it.
    var objects: [JSON] {
        let shared = [serviceAccount, mesh, injectorTemplate, deployment, service, autoscaler]
        return access + shared + [disruptionBudget, injector, validator]
            + (isUnrevisioned ? [defaultValidator] : [])
    }

    var labels: [String: String] {
        owner.labels(component: "Pilot", revision: name)
            .merging(["app": "istiod", "istio": "pilot"]) { $1 }
    }

    private var podLabels: [String: String] {
        [
            "app": "istiod", "istio.io/rev": name, IstioOwner.nameLabel: owner.name,
            "operator.istio.io/component": "Pilot", "sidecar.istio.io/inject": "false",
            "istio": isUnrevisioned ? "pilot" : "istiod",
        ]
    }

    private var serviceSelector: [String: String] {
        isUnrevisioned
            ? ["app": "istiod", "istio": "pilot"] : ["app": "istiod", "istio.io/rev": name]
    }

    private var serviceAccount: JSON {
        Manifest.serviceAccount(named("istiod"), in: Self.space, labels: labels)
    }

    private var mesh: JSON {
        let text = """
            accessLogFile: /dev/stdout
            defaultConfig:
              discoveryAddress: \(address)
              holdApplicationUntilProxyStarts: \(holdsApplication)
              tracing:
                zipkin:
                  address: zipkin.istio-system:9411
            enablePrometheusMerge: true
            rootNamespace: istio-system
            trustDomain: \(trustDomain)

            """
        return Manifest.make(
            "v1", "ConfigMap", named("istio"), in: Self.space, labels: labels,
            ["data": ["mesh": .string(text), "meshNetworks": "networks: {}"]])
    }

    private var injectorTemplate: JSON {
        Manifest.make(
            "v1", "ConfigMap", named("istio-sidecar-injector"), in: Self.space, labels: labels,
            ["data": ["config": "policy: enabled\ndefaultTemplates: [sidecar]\n"]])
    }

    private var deployment: JSON {
        let selector: [String: String] = isUnrevisioned ? ["istio": "pilot"] : serviceSelector
        return Manifest.make(
            "apps/v1", "Deployment", named("istiod"), in: Self.space, labels: labels,
            [
                "spec": [
                    "replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
                    "selector": ["matchLabels": JSON(selector)],
                    "strategy": [
                        "type": "RollingUpdate",
                        "rollingUpdate": ["maxSurge": "100%", "maxUnavailable": "25%"],
                    ],
                    "template": template,
                ]
            ])
    }

    private var template: JSON {
        [
            "metadata": [
                "labels": JSON(podLabels),
                "annotations": [
                    "prometheus.io/port": "15014", "prometheus.io/scrape": "true",
                    "sidecar.istio.io/inject": "false",
                ],
            ],
            "spec": [
                "serviceAccountName": .string(named("istiod")), "restartPolicy": "Always",
                "containers": [container],
                "volumes": [
                    [
                        "name": "cacerts",
                        "secret": [
                            "secretName": "cacerts", "optional": true, "defaultMode": 420,
                        ],
                    ]
                ],
            ],
        ]
    }

    private var container: JSON {
        let variables: [JSON] = [
            Manifest.variable("REVISION", name),
            Manifest.variable("PILOT_CERT_PROVIDER", "istiod"),
            Manifest.variable("POD_NAMESPACE", field: "metadata.namespace"),
            Manifest.variable("ISTIOD_ADDR", address),
            Manifest.variable("CLUSTER_ID", cluster),
        ]
        let native = isNative ? [Manifest.variable("ENABLE_NATIVE_SIDECARS", "true")] : []
        return [
            "name": "discovery", "image": .string("\(hub)/pilot:\(tag)"),
            "args": [
                "discovery", "--monitoringAddr=:15014", "--log_output_level=default:info",
                "--domain", "cluster.local", "--keepaliveMaxServerConnectionAge", "30m",
            ],
            "ports": .array(
                [8080, 15010, 15017].map { ["containerPort": .int($0), "protocol": "TCP"] }),
            "readinessProbe": [
                "httpGet": ["path": "/ready", "port": 8080, "scheme": "HTTP"],
                "initialDelaySeconds": 1, "periodSeconds": 3, "timeoutSeconds": 5,
            ],
            "env": .array(variables + native + environment),
            "volumeMounts": [["name": "cacerts", "mountPath": "/etc/cacerts", "readOnly": true]],
        ]
    }

    private var service: JSON {
        let ports: [(String, Int64, Int64)] = [
            ("grpc-xds", 15010, 15010), ("https-dns", 15012, 15012),
            ("https-webhook", 443, 15017), ("http-monitoring", 15014, 15014),
        ]
        return Manifest.make(
            "v1", "Service", named("istiod"), in: Self.space, labels: labels,
            [
                "spec": [
                    "type": "ClusterIP", "sessionAffinity": "None",
                    "selector": JSON(serviceSelector),
                    "ports": .array(
                        ports.map {
                            [
                                "name": .string($0.0), "port": .int($0.1), "targetPort": .int($0.2),
                                "protocol": "TCP",
                            ]
                        }),
                ],
                "status": ["loadBalancer": [:]],
            ])
    }

    private var autoscaler: JSON {
        Autoscaler.make(named("istiod"), in: Self.space, labels: labels, most: 5)
    }

    private var disruptionBudget: JSON {
        Manifest.make(
            "policy/v1", "PodDisruptionBudget", named("istiod"), in: Self.space, labels: labels,
            [
                "spec": [
                    "minAvailable": 1, "selector": ["matchLabels": JSON(serviceSelector)],
                ]
            ])
    }
}
