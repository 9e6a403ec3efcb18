import FleetModel

/// The CustomResourceDefinitions of Istio, its operator, Gloo Mesh, Flux, Argo and the
/// sail operator, without
/// schemas: the lab takes any content.
enum CustomResources {
    static let istio: [JSON] =
        [
            ("VirtualService", "virtualservices", ["vs"]), ("Gateway", "gateways", ["gw"]),
            ("DestinationRule", "destinationrules", ["dr"]),
            ("ServiceEntry", "serviceentries", ["se"]), ("Sidecar", "sidecars", []),
            ("WorkloadEntry", "workloadentries", ["we"]),
            ("WorkloadGroup", "workloadgroups", ["wg"]),
        ].map { kind, plural, short in
            definition(
                "networking.istio.io", kind, plural, short, versions: ["v1beta1", "v1alpha3"])
        }
        + [
            // In one version each, and neither in all that the others of the group have.
            ("EnvoyFilter", "envoyfilters", "v1alpha3"), ("ProxyConfig", "proxyconfigs", "v1beta1"),
        ].map { kind, plural, version in
            definition("networking.istio.io", kind, plural, [], versions: [version])
        }
        + [
            ("PeerAuthentication", "peerauthentications", ["pa"]),
            ("AuthorizationPolicy", "authorizationpolicies", []),
            ("RequestAuthentication", "requestauthentications", ["ra"]),
        ].map { kind, plural, short in
            definition("security.istio.io", kind, plural, short, versions: ["v1beta1"])
        } + [
            definition(
                "telemetry.istio.io", "Telemetry", "telemetries", ["telemetry"],
                versions: ["v1alpha1"]),
            definition(
                "extensions.istio.io", "WasmPlugin", "wasmplugins", [], versions: ["v1alpha1"]),
            definition(
                "install.istio.io", "IstioOperator", "istiooperators", ["iop", "io"],
                versions: ["v1alpha1"]),
        ]

    static let gloo: [JSON] = [
        ("IstioLifecycleManager", "istiolifecyclemanagers", ["ilm"]),
        ("GatewayLifecycleManager", "gatewaylifecyclemanagers", ["glm"]),
        ("KubernetesCluster", "kubernetesclusters", []),
        ("RootTrustPolicy", "roottrustpolicies", ["rtp"]),
        ("Workspace", "workspaces", []), ("WorkspaceSettings", "workspacesettings", []),
    ].map { kind, plural, short in
        definition("admin.gloo.solo.io", kind, plural, short, versions: ["v2"])
    }

    static let flux: [JSON] =
        [
            definition(
                "helm.toolkit.fluxcd.io", "HelmRelease", "helmreleases", ["hr"],
                versions: ["v2", "v2beta2"]),
            definition(
                "kustomize.toolkit.fluxcd.io", "Kustomization", "kustomizations", ["ks"],
                versions: ["v1"]),
        ]
        + [
            ("GitRepository", "gitrepositories", ["gitrepo"]),
            ("HelmRepository", "helmrepositories", ["helmrepo"]),
            ("OCIRepository", "ocirepositories", ["ocirepo"]),
        ].map { kind, plural, short in
            definition("source.toolkit.fluxcd.io", kind, plural, short, versions: ["v1"])
        }

    static let argo = [
        definition("argoproj.io", "Rollout", "rollouts", ["ro"], versions: ["v1alpha1"])
    ]

    static let sail = [
        ("Istio", "istios", []),
        ("IstioRevision", "istiorevisions", ["istiorev"]),
        ("IstioRevisionTag", "istiorevisiontags", ["istiorevtag"]),
    ].map { kind, plural, short in
        definition(
            SailKinds.group, kind, plural, short, versions: ["v1"], isNamespaced: false)
    }

    private static func definition(
        _ group: String, _ kind: String, _ plural: String, _ shortNames: [String],
        versions: [String], isNamespaced: Bool = true
    ) -> JSON {
        let names: JSON = [
            "kind": .string(kind), "listKind": .string(kind + "List"), "plural": .string(plural),
            "singular": .string(kind.lowercased()),
            "shortNames": .array(shortNames.map(JSON.string)),
        ]
        let served = versions.enumerated().map { index, version -> JSON in
            [
                "name": .string(version), "served": true, "storage": .bool(index == 0),
                "subresources": ["status": [:]],
                "schema": [
                    "openAPIV3Schema": [
                        "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    ]
                ],
            ]
        }
        return Manifest.make(
            "apiextensions.k8s.io/v1", "CustomResourceDefinition", "\(plural).\(group)",
            [
                "spec": [
                    "group": .string(group), "names": names,
                    "scope": isNamespaced ? "Namespaced" : "Cluster",
                    "versions": .array(served),
                ]
            ])
    }
}
