import FleetModel

/// A workload cluster that Big Bang runs: Flux, the environment's repository, and what
/// they bring from there; then users with sidecars.
struct BigBangSetup: Sendable {
    let cluster: LabCluster
    let store: ClusterStore
    let edition: BigBangEdition
    let isSmall: Bool
    var hasRareKinds = false

    /// Flux and its objects; from them everything else follows.
    func buildMesh() throws(StatusError) {
        try ClusterFoundation(cluster: cluster, store: store).build()
        for definition in CustomResources.istio + CustomResources.flux {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        for name in [FluxKinds.space, FluxKinds.packages] {
            try store.create("namespaces", Manifest.namespace(name))
        }
        for controller in Self.controllers { try store.create("deployments.apps", controller) }
        try store.create("secrets", secret)
        try store.create("configmaps", EnvironmentRepository.branch(edition.firstValues))
        try store.create(
            FluxKinds.repositories,
            Self.repository(EnvironmentRepository.name, ["branch": "main"]))
        try store.create(
            FluxKinds.repositories,
            Self.repository("bigbang", ["tag": .string(edition.version)]))
        try store.create(FluxKinds.kustomizations, Self.environment())
    }

    func buildApplications() throws(StatusError) {
        try WorkloadSetup(
            cluster: cluster, store: store, isSmall: isSmall, hasRareKinds: hasRareKinds
        ).buildApplications()
        for name in ["cart", "web"] {
            try store.create(
                "virtualservices.networking.istio.io",
                IstioRouting.virtualService(name, in: "shop", through: "istio-system/public"))
        }
    }

    /// Flux 2.5, as Big Bang 2.54 ships it: Helm takes over what it finds.
    static let controllers = [
        ("helm-controller", "v1.2.0"), ("kustomize-controller", "v1.5.1"),
        ("source-controller", "v1.5.0"),
    ].map { name, version in
        LabWorkload(name: name, kind: .deployment(replicas: 1), version: version)
            .workload(in: FluxKinds.space)
    }

    /// The first of the parent's sources, of which no repository knows.
    private var secret: JSON {
        Manifest.make(
            "v1", "Secret", "terraform", in: FluxKinds.packages,
            ["data": ["values.yaml": .base64(BigBangEdition.secretValues)]])
    }

    static func repository(
        _ name: String, in space: String = FluxKinds.packages, kind: String = "GitRepository",
        _ reference: JSON
    ) -> JSON {
        Manifest.make(
            "source.toolkit.fluxcd.io/v1", kind, name, in: space,
            [
                "spec": [
                    "url": .string("https://git.example/\(name).git"), "interval": "10m",
                    "ref": reference, "timeout": "60s",
                ]
            ])
    }

    static func environment(
        _ name: String = "environment", in space: String = FluxKinds.packages
    ) -> JSON {
        Manifest.make(
            "kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, in: space,
            [
                "spec": [
                    "interval": "10m", "path": "./environment", "prune": true,
                    "sourceRef": [
                        "kind": "GitRepository", "name": .string(EnvironmentRepository.name),
                    ],
                ]
            ])
    }
}
